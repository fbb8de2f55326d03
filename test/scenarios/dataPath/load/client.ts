import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { LongConnection, Losses } from "./losses.ts";

/** HOST PORT SECONDS: five connections that exchange a line ten times a second, and a new one every 100 ms. */
const [host = "", port = "", seconds = ""] = process.argv.slice(2);
const beganAt = performance.now();
const endsAt = beganAt + Number(seconds) * 1000;
const longCount = 5;
const periodMilliseconds = 100;
const newTimeoutMilliseconds = 3000;
const longTimeoutMilliseconds = 20_000;

const now = () => (performance.now() - beganAt) / 1000;

/** One line there and back; rejects when the connection ends or nothing comes in time. */
function exchange(socket: ReturnType<typeof connect>, milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => end(new Error("no answer")), milliseconds);
    const end = (error?: Error) => {
      clearTimeout(limit);
      socket.off("data", answered).off("error", end).off("close", closed);
      if (error === undefined) resolve();
      else reject(error);
    };
    const answered = () => end();
    const closed = () => end(new Error("closed"));
    socket.once("data", answered).once("error", end).once("close", closed);
    socket.write("line\n");
  });
}

function opened(milliseconds: number): Promise<ReturnType<typeof connect>> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host);
    socket.setNoDelay(true);
    const limit = setTimeout(() => socket.destroy(new Error("no connection")), milliseconds);
    socket.once("connect", () => {
      clearTimeout(limit);
      resolve(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(limit);
      reject(error);
    });
  });
}

async function longOne(): Promise<LongConnection> {
  let longestGap = 0;
  try {
    const socket = await opened(newTimeoutMilliseconds);
    socket.on("error", () => {});
    while (performance.now() < endsAt) {
      const sentAt = now();
      await exchange(socket, longTimeoutMilliseconds);
      longestGap = Math.max(longestGap, now() - sentAt);
      await sleep(periodMilliseconds);
    }
    socket.destroy();
    return { alive: true, longestGapSeconds: longestGap };
  } catch (error) {
    return { alive: false, longestGapSeconds: longestGap, end: String(error), endedAtSeconds: now() };
  }
}

const failedAt: number[] = [];
let succeeded = 0;

async function newOne(): Promise<void> {
  const startedAt = now();
  try {
    const socket = await opened(newTimeoutMilliseconds);
    socket.on("error", () => {});
    await exchange(socket, newTimeoutMilliseconds);
    socket.destroy();
    succeeded += 1;
  } catch {
    failedAt.push(startedAt);
  }
}

async function newOnes(): Promise<void> {
  const open: Promise<void>[] = [];
  while (performance.now() < endsAt) {
    open.push(newOne());
    await sleep(periodMilliseconds);
  }
  await Promise.all(open);
}

const [long] = await Promise.all([Promise.all(Array.from({ length: longCount }, longOne)), newOnes()]);
const losses: Losses = { long, succeeded, failedAtSeconds: failedAt };
process.stdout.write(JSON.stringify(losses), () => process.exit());
