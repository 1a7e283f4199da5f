-- Green threads that add up, with collections between them.
module Numbers where

import Control.Concurrent
import Control.Exception (evaluate)
import Control.Monad
import Foreign.C.Types
import System.Mem (performGC)

foreign export ccall haskell_sums :: CLong -> IO CLong

haskell_sums :: CLong -> IO CLong
haskell_sums threads = do
  total <- newMVar 0
  ends <- forM [1 .. threads] $ \n -> do
    end <- newEmptyMVar
    _ <- forkIO (modifyMVar_ total (evaluate . (+ n)) >> yield >> putMVar end ())
    return end
  performGC
  mapM_ takeMVar ends
  sum' <- readMVar total
  return (if sum' == threads * (threads + 1) `div` 2 then 1 else 0)
