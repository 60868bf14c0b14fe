/** Of the way to a server: what is given up and when, and what is never done. */
import { createServer as createHttps } from "node:https";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer as createTcp, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { text as textOf } from "node:stream/consumers";
import {
  V1DeleteOptions,
  V1Node,
  V1ObjectMeta,
  V1Preconditions,
} from "@kubernetes/client-node/dist/gen/index.js";
import { callKubernetes, type KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { httpsTransportOf, type Timeouts } from "../../../adapters/kubernetes/transport.ts";
import { listenOnLoopback } from "../../../local/loopback/listening.ts";
import { virtualCluster } from "../../local/cloud/kubernetes/cluster-fixture.ts";
import { mapped, open } from "./client-fixture.ts";

const node = JSON.stringify({ kind: "Node", apiVersion: "v1", metadata: { name: "one" } });

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const answerWithNode: RequestListener = (_request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(node);
};

const { clock, cluster } = virtualCluster({ source: mapped });

const clientAt = (port: number, timeouts: Partial<Timeouts>): Promise<KubernetesClient> =>
  open(
    httpsTransportOf({ answerMs: 5_000, connectMs: 5_000, idleMs: 200, ...timeouts }),
    { clock, cluster },
    { endpoint: `https://127.0.0.1:${String(port)}` },
  );

interface Served {
  readonly port: number;
  readonly connections: Set<Socket>;
}

const serve = async (listener: RequestListener): Promise<Served> => {
  const { serverCertificate: cert, serverKey: key } = cluster.pki;
  const server = createHttps({ cert, key }, listener);
  const connections = new Set<Socket>();
  server.on("secureConnection", (socket: Socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: await listenOnLoopback(server), connections };
};

const readNode = (client: KubernetesClient) =>
  callKubernetes(client, { action: "GetNode", resource: "one" }, () =>
    client.core.readNode({ name: "one" }),
  );

const refusalOf = async (client: KubernetesClient): Promise<unknown> => {
  const [refusal] = await Promise.allSettled([readNode(client)]);
  return refusal.status === "rejected" ? refusal.reason : refusal.value;
};

describe("a server", () => {
  test("that takes the connection and never says a word of TLS was not asked", async () => {
    const sockets: Socket[] = [];
    const silent = createTcp((socket) => sockets.push(socket));
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const port = await listenOnLoopback(silent);
    expect(await refusalOf(await clientAt(port, { connectMs: 100 }))).toMatchObject({
      name: "RetryableClusterUnreachable",
      code: "ConnectTimeout",
    });
  });

  test("that thinks longer than a connection may take is waited for", async () => {
    const { port } = await serve((request, response) => {
      setTimeout(() => {
        answerWithNode(request, response);
      }, 300);
    });
    const read = await readNode(await clientAt(port, { connectMs: 100 }));
    expect(read.metadata?.name).toBe("one");
  });

  test("that never answers may have done it", async () => {
    const { port } = await serve(() => undefined);
    expect(await refusalOf(await clientAt(port, { answerMs: 200 }))).toMatchObject({
      name: "RetryableUnavailable",
      code: "TimeoutError",
    });
  });

  test("whose answer does not end may have done it", async () => {
    const { port } = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write(node.slice(0, 9));
    });
    expect(await refusalOf(await clientAt(port, { answerMs: 300 }))).toMatchObject({
      name: "RetryableUnavailable",
      code: "TimeoutError",
    });
  });

  test("that sends us elsewhere is not followed: the token is for it alone", async () => {
    const asked: IncomingMessage[] = [];
    const elsewhere = await serve((request, response) => {
      asked.push(request);
      answerWithNode(request, response);
    });
    const { port } = await serve((_request, response) => {
      response.writeHead(307, { location: `https://127.0.0.1:${String(elsewhere.port)}/` });
      response.end();
    });
    expect(await refusalOf(await clientAt(port, {}))).toMatchObject({ name: "BrokenRequest" });
    expect(asked).toEqual([]);
  });

  test("learns who asks, and gets each body whole: that of a deletion too", async () => {
    const asked: { readonly headers: IncomingMessage["headers"]; readonly text: string }[] = [];
    const { port } = await serve((request, response) => {
      void textOf(request).then((text) => {
        asked.push({ headers: request.headers, text });
        answerWithNode(request, response);
      });
    });
    const client = await clientAt(port, {});
    const metadata = Object.assign(new V1ObjectMeta(), { name: "ä" });
    const preconditions = Object.assign(new V1Preconditions(), { uid: "ü" });
    const body = Object.assign(new V1DeleteOptions(), { preconditions });
    await readNode(client);
    await client.core.deleteNode({ name: "one", body });
    await client.core.replaceNode({ name: "one", body: Object.assign(new V1Node(), { metadata }) });
    await readNode(client);
    expect(asked.map(({ text }) => text)).toEqual([
      "",
      '{"preconditions":{"uid":"ü"}}',
      '{"metadata":{"name":"ä"}}',
      "",
    ]);
    expect(asked.map(({ headers }) => headers["content-length"])).toEqual([
      undefined,
      String(Buffer.byteLength('{"preconditions":{"uid":"ü"}}')),
      String(Buffer.byteLength('{"metadata":{"name":"ä"}}')),
      undefined,
    ]);
    expect(asked[0]?.headers["user-agent"]).toBe("spot-optimizer");
  });

  test("that is asked again soon keeps the connection, and loses it when nobody asks", async () => {
    const { port, connections } = await serve(answerWithNode);
    const client = await clientAt(port, {});
    await readNode(client);
    await readNode(client);
    const [kept] = connections;
    expect(connections.size).toBe(1);
    await new Promise((resolve) => kept?.once("close", resolve));
    expect(connections.size).toBe(0);
    expect((await readNode(client)).metadata?.name).toBe("one");
  });
});
