/** Listens on a port of 127.0.0.1, which nobody reaches from elsewhere. */
import type { Server } from "node:http";
import type { Server as SocketServer } from "node:net";

/** Port 0 or none gives a free one. @returns the port */
export const listenOnLoopback = (server: SocketServer, port = 0): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });

/** Ends open connections too. */
export const closing = (server: Server) => (): Promise<void> =>
  new Promise((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) resolve();
      else reject(error);
    });
    server.closeAllConnections();
  });
