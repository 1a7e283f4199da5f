-- GHC's part: green threads, a division by zero that is an exception, a collection now and then.
module Answers where

import Control.Concurrent
import Control.Exception
import Control.Monad
import Foreign.C.Types
import System.Mem (performGC)

foreign export ccall haskell_answer :: CLong -> IO CLong

haskell_answer :: CLong -> IO CLong
haskell_answer n = do
  total <- newMVar 0
  ends <- forM [1 .. 16] $ \k -> do
    end <- newEmptyMVar
    _ <- forkIO (modifyMVar_ total (evaluate . (+ k * n)) >> yield >> putMVar end ())
    return end
  when (n == 0) performGC
  mapM_ takeMVar ends
  divided <- try (evaluate (n `div` 0)) :: IO (Either ArithException CLong)
  sum' <- readMVar total
  return (sum' + either (const 5) id divided)
