import { connect } from "node:net";

/** HOST PORT COUNT: opens COUNT connections, one after the other, and prints the median time in microseconds. */
const [host = "", port = "", count = ""] = process.argv.slice(2);

function once(): Promise<number> {
  return new Promise((resolve, reject) => {
    const beganAt = process.hrtime.bigint();
    const socket = connect(Number(port), host);
    const limit = setTimeout(() => socket.destroy(new Error("no connection")), 2000);
    socket.once("error", reject);
    socket.once("connect", () => {
      const took = Number(process.hrtime.bigint() - beganAt) / 1000;
      clearTimeout(limit);
      socket.destroy();
      resolve(took);
    });
  });
}

const times: number[] = [];
for (let done = 0; done < Number(count); done++) times.push(await once());
times.sort((a, b) => a - b);
process.stdout.write(String(times[Math.floor(times.length / 2)]));
