// V8 in Node at work: objects for the collector, compiled loops, promises, worker threads.
const { Worker, isMainThread, parentPort } = require("worker_threads");

function tree(depth) {
  return depth === 0 ? {} : { left: tree(depth - 1), right: tree(depth - 1) };
}

function count(node) {
  return node ? 1 + count(node.left) + count(node.right) : 0;
}

async function work() {
  let sum = 0;
  for (let i = 0; i < 60; i++) sum += count(tree(15));
  const bytes = new Uint8Array(1 << 16);
  for (let i = 0; i < 100_000_000; i++) bytes[i & 0xffff] += i;
  for (let i = 0; i < 600_000; i++) sum += await i % 3;
  for (let i = 0; i < 200_000; i++) sum += JSON.parse(JSON.stringify({ a: [i, i + 1] })).a[1] % 5;
  return sum + bytes[77];
}

if (isMainThread) {
  const workers = [0, 1].map(() => new Promise((resolve, reject) => {
    new Worker(__filename).on("message", resolve).on("error", reject);
  }));
  Promise.all([work(), ...workers]).then((sums) => console.log(sums.join(" ")));
} else {
  work().then((sum) => parentPort.postMessage(sum));
}
