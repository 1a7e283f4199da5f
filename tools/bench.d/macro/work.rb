# Ruby at work: objects for the collector, threads that hand on, fibers, child processes.
def tree(depth) = depth.zero? ? [] : [tree(depth - 1), tree(depth - 1)]
def count(node) = 1 + node.sum { |child| count(child) }

total = 24.times.sum { count(tree(14)) }
jobs = Queue.new
threads = 4.times.map do
  Thread.new do
    sum = 0
    while (job = jobs.pop) do sum += job.size end
    sum
  end
end
400_000.times { |number| jobs << "job#{number}" }
4.times { jobs << nil }
total += threads.sum { |thread| thread.value }
fiber = Fiber.new { loop { Fiber.yield 1 } }
total += 1_000_000.times.sum { fiber.resume }
total += 10.times.sum { `echo 1`.to_i }
puts total
