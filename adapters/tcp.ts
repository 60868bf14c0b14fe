/** Opens a TCP connection, to see whether somebody listens. */
import { createConnection } from "node:net";
import type { Connect } from "./probe.ts";

export const connectTcp: Connect = ({ host, port }, timeoutMs) =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ host: host.replace(/^\[(.*)\]$/, "$1"), port });
    socket.setTimeout(timeoutMs, () => {
      socket.destroy(new Error("it took too long"));
    });
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
