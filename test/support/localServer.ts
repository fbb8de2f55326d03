import type { Server } from "node:http";

/** A server on a free port of this machine. */
export interface LocalServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Cuts what is open, and ends. */
  stop(): Promise<void>;
}

/** Lets a server listen on a free port of the loopback interface. The caller stops it. */
export async function listenLocally(server: Server): Promise<LocalServer> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((stopped) => server.close(() => stopped()));
    },
  };
}
