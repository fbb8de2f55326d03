import { createServer } from "node:net";

/** Sends every line back that it gets: the server of the load, at the port that is its only argument. */
createServer((socket) => {
  socket.on("error", () => socket.destroy());
  socket.pipe(socket);
}).listen(Number(process.argv[2]), "0.0.0.0");
