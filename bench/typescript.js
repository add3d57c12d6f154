// ngrok's client for TypeScript: one credential, read again and again. See measure.lua for the arguments and for
// what it prints. NODE_PATH leads to its package.
const { Ngrok } = require("@ngrok/ngrok-api");

const [baseUrl, apiToken, , path, warmUp, count] = process.argv.slice(3);
const client = new Ngrok({ apiToken, baseUrl });
const id = path.split("/").pop();

async function run(times) {
  let found = 0;
  for (let index = 0; index < times; index++) {
    found += (await client.credentials.get(id)).id === id ? 1 : 0;
  }
  return found;
}

function now() {
  const used = process.cpuUsage();
  return { wall: performance.now() * 1e3, cpu: used.user + used.system };
}

async function main() {
  await run(Number(warmUp));
  const before = now();
  const found = await run(Number(count));
  const after = now();
  console.log(`${(after.wall - before.wall).toFixed(1)} ${(after.cpu - before.cpu).toFixed(1)} ${found}`);
}

main();
