/** Answers that are not the API server's, or only half of one. */
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, test } from "@jest/globals";
import type { KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { evictPod } from "../../../adapters/kubernetes/evictions.ts";
import { listPods } from "../../../adapters/kubernetes/pods.ts";
import { httpsTransport } from "../../../adapters/kubernetes/transport.ts";
import { listenOnLoopback } from "../../../local/loopback/listening.ts";
import { virtualCluster } from "../../local/cloud/kubernetes/cluster-fixture.ts";
import { mapped, open } from "./client-fixture.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const sending =
  (status: number, body: string, type = "application/json"): Answer =>
  (_request, response) => {
    response.writeHead(status, { "content-type": type });
    response.end(body);
  };

const page = `<html>${"x".repeat(5000)}</html>`;

const answers = {
  "a page with status 200": sending(200, page, "text/html"),
  "nothing, with status 200": sending(200, ""),
  "half a document": sending(200, '{"kind":"PodList","items":[{"meta'),
  "an object of another kind": sending(200, '{"items":[]}'),
  "a page with status 502": sending(502, page, "text/html"),
  "what is not HTTP": ({ socket }) => {
    socket.end("garbage\r\n\r\n");
  },
  "a connection that breaks off": (_request, response) => {
    response.writeHead(200, { "content-length": "5000" });
    response.write('{"kind":');
    setTimeout(() => response.socket?.destroy(), 10);
  },
} as const satisfies Readonly<Record<string, Answer>>;

const asking = async <Told>(
  answer: Answer,
  ask: (client: KubernetesClient) => Promise<Told>,
): Promise<Told> => {
  const { clock, cluster } = virtualCluster({ source: mapped });
  const { serverCertificate: cert, serverKey: key } = cluster.pki;
  const server = createServer({ cert, key }, answer);
  const endpoint = `https://127.0.0.1:${String(await listenOnLoopback(server))}`;
  try {
    return await ask(await open(httpsTransport, { clock, cluster }, { endpoint }));
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

const pod = { namespace: "shop", name: "web-1", uid: "u" };

describe.each(Object.entries(answers))("%s", (_what, answer) => {
  test("is not a list without pods, by which a node would be drained", async () => {
    await expect(asking(answer, listPods)).rejects.toMatchObject({ name: "RetryableUnavailable" });
  });

  test("says nothing of an eviction: it is looked at anew", async () => {
    const reply = await asking(answer, (client) => evictPod(client, pod));
    expect(reply.kind).toBe("UNKNOWN");
    expect(JSON.stringify(reply).length).toBeLessThan(600);
  });
});

test("a page with status 404 is not a pod that is gone, nor a cluster without pods", async () => {
  const missing = sending(404, page, "text/html");
  expect(await asking(missing, (client) => evictPod(client, pod))).toMatchObject({
    kind: "UNKNOWN",
  });
  await expect(asking(missing, listPods)).rejects.toMatchObject({ name: "BrokenRequest" });
});
