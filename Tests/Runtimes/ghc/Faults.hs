-- A GHC foreign library: an exception that is caught, and green threads.
module Faults where

import Control.Concurrent
import Control.Exception
import Control.Monad
import Foreign.C.Types
import System.Mem (performGC)

foreign export ccall hsDiv :: CInt -> IO CInt
foreign export ccall hsThr :: IO CInt

-- | Returns 0 when dividing by the given zero raises DivideByZero.
hsDiv :: CInt -> IO CInt
hsDiv zero = do
  result <- try (evaluate (7 `div` zero))
  return $ case result of
    Left DivideByZero -> 0
    Left _ -> 1
    Right _ -> 2

-- | Returns 0 when 100 green threads, with collections between, add up.
hsThr :: IO CInt
hsThr = do
  total <- newMVar (0 :: Int)
  ends <- forM [1 .. 100] $ \n -> do
    end <- newEmptyMVar
    _ <- forkIO (modifyMVar_ total (evaluate . (+ sum [1 .. n])) >> yield >> putMVar end ())
    return end
  performGC
  mapM_ takeMVar ends
  result <- readMVar total
  return (if result == sum [sum [1 .. n] | n <- [1 .. 100]] then 0 else 1)
