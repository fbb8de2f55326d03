import { createSocket, type Socket as Datagrams } from "node:dgram";
import { createServer, type Server, Socket } from "node:net";
import type { SocketAnswer, SocketRequest } from "./sockets.ts";

/** Makes the sockets that the process that started this one asks for, in the network that this one is in. */
process.on("message", (request: SocketRequest) => {
  if ("listen" in request) listen(request.id, request.listen);
  else if ("datagrams" in request) datagrams(request.id, request.datagrams);
  else connect(request.id, request.connect);
});
process.once("disconnect", () => process.exit());

function listen(id: number, { host, port }: { readonly host: string; readonly port: number }): void {
  const server = createServer();
  server.once("error", ({ message }) => answer({ id, error: message }));
  // This process's own copy would take every second connection.
  server.listen(port, host, () => answer({ id }, server, () => server.close()));
}

function datagrams(id: number, { host, port }: { readonly host: string; readonly port: number }): void {
  const socket = createSocket("udp4");
  socket.once("error", ({ message }) => answer({ id, error: message }));
  socket.bind(port, host, () => answer({ id }, socket, () => socket.close()));
}

function connect(
  id: number,
  { host, port, from }: { readonly host: string; readonly port: number; readonly from?: string },
): void {
  const socket = new Socket();
  socket.once("error", ({ message }) => answer({ id, error: message }));
  socket.connect({ host, port, ...(from === undefined ? {} : { localAddress: from }) }, () =>
    answer({ id }, socket),
  );
}

function answer(
  message: SocketAnswer,
  handle?: Server | Socket | Datagrams,
  done: () => void = () => {},
): void {
  process.send?.(message, handle, {}, done);
}
