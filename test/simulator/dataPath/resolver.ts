import type { Socket } from "node:dgram";

const headerBytes = 12;
const [typeA, classIn] = [1, 1];
const [refusesName, found] = [3, 0];
const timeToLiveSeconds = 60;

/** Answers for the names of a map, and for no other: the VPC's resolver. */
export function resolve(socket: Socket, addressOf: (name: string) => string | undefined): void {
  socket.on("message", (query, { address, port }) => {
    const answer = answered(query, addressOf);
    if (answer !== undefined) socket.send(answer, port, address);
  });
}

/** The answer to a question for addresses (RFC 1035); undefined: not a question. */
export function answered(query: Buffer, addressOf: (name: string) => string | undefined): Buffer | undefined {
  const question = query.length > headerBytes ? questionOf(query) : undefined;
  if (question === undefined) return undefined;
  const { name, type, end } = question;
  const address = addressOf(name.toLowerCase());
  const record = address !== undefined && type === typeA ? recordOf(address) : Buffer.alloc(0);
  const header = Buffer.from(query.subarray(0, headerBytes));
  // A response, recursion available as it was desired.
  header.writeUInt16BE(0x8180 | (address === undefined ? refusesName : found), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(record.length === 0 ? 0 : 1, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, query.subarray(headerBytes, end), record]);
}

function questionOf(query: Buffer): { name: string; type: number; end: number } | undefined {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const end = at + 5;
  return end > query.length ? undefined : { name: labels.join("."), type: query.readUInt16BE(at + 1), end };
}

function recordOf(address: string): Buffer {
  const record = Buffer.alloc(16);
  // The name is that of the question.
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(typeA, 2);
  record.writeUInt16BE(classIn, 4);
  record.writeUInt32BE(timeToLiveSeconds, 6);
  record.writeUInt16BE(4, 10);
  address.split(".").forEach((part, index) => {
    record[12 + index] = Number(part);
  });
  return record;
}
