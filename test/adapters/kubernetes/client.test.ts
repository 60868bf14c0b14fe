import { createServer } from "node:https";
import { afterEach, describe, expect, test } from "@jest/globals";
import { callKubernetes, type KubernetesClient } from "../../../adapters/kubernetes/client.ts";
import { httpsTransport } from "../../../adapters/kubernetes/transport.ts";
import type { SpotOptimizerError } from "../../../core/errors.ts";
import type { KubeCluster } from "../../../local/cloud/kubernetes/cluster.ts";
import { createPki } from "../../../local/cloud/kubernetes/pki/certificates.ts";
import { refuse, tooManyRequests } from "../../../local/cloud/kubernetes/refusals.ts";
import { createRandom } from "../../../local/cloud/random.ts";
import { listenOnLoopback } from "../../../local/loopback/listening.ts";
import { serveKubernetes, type KubeServer } from "../../../local/wire/front/kubernetes-https.ts";
import { addNode, virtualCluster } from "../../local/cloud/kubernetes/cluster-fixture.ts";
import {
  bindRules,
  connected,
  credentials,
  failingWith,
  inProcess,
  mapped,
  mappedTo,
  open,
  policyRules,
} from "./client-fixture.ts";

const readNode = (client: KubernetesClient) =>
  callKubernetes(client, { action: "GetNode", resource: "one" }, () =>
    client.core.readNode({ name: "one" }),
  );

const errorOf = async (client: KubernetesClient): Promise<SpotOptimizerError> =>
  readNode(client).then(
    () => {
      throw new Error("The call succeeded.");
    },
    (error: unknown) => error as SpotOptimizerError,
  );

/** What the server answers to everything, by a fault. */
const answering = async (fault: (cluster: KubeCluster) => void): Promise<SpotOptimizerError> => {
  const { client, cluster } = await connected();
  addNode(cluster, "one");
  fault(cluster);
  return errorOf(client);
};

const refusing =
  (code: number, reason: string, message: string) =>
  ({ faults }: KubeCluster): void => {
    faults.before(() => {
      throw refuse(code, reason, { message });
    });
  };

describe("in process", () => {
  test("a client with the token of its session reads a node", async () => {
    const { client, cluster } = await connected();
    addNode(cluster, "one");
    expect((await readNode(client)).metadata?.name).toBe("one");
    expect(cluster.journal.at(-1)).toMatchObject({ username: "optimizer", code: 200 });
  });

  test("an unknown address and another authority are told apart", async () => {
    const { clock, cluster } = virtualCluster({ source: mapped });
    const around = { clock, cluster };
    const elsewhere = await open(inProcess(clock, cluster), around, { endpoint: "https://x" });
    expect(await errorOf(elsewhere)).toMatchObject({
      name: "RetryableClusterUnreachable",
      code: "ENOTFOUND",
    });
    const authority = createPki(createRandom(2)).authority;
    const other = await open(inProcess(clock, cluster), around, { authority });
    expect(await errorOf(other)).toMatchObject({ name: "BrokenClusterIdentity" });
  });

  test("a server that takes 30 s is given up after 20, though it acts", async () => {
    const { client, cluster, clock } = await connected();
    addNode(cluster, "one");
    cluster.faults.before(() => clock.pass(30_000));
    const beganMs = clock.now();
    let error: SpotOptimizerError | undefined;
    clock.schedule(beganMs, async () => {
      error = await errorOf(client);
      expect(clock.now() - beganMs).toBe(20_000);
    });
    await clock.run();
    expect(error).toMatchObject({ name: "RetryableUnavailable", code: "TimeoutError" });
    expect(cluster.journal.at(-1)).toMatchObject({ code: 200 });
  });

  test("a connection that breaks after the effect says nothing of it", async () => {
    const error = await answering(({ faults }) => {
      faults.after(() => {
        throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
      });
    });
    expect(error).toMatchObject({ name: "RetryableUnavailable", code: "ECONNRESET" });
  });
});

describe("what the server refuses", () => {
  test("401 names the access entry, the clock and the other candidates, and no token", async () => {
    const { clock, cluster } = virtualCluster({ source: mappedTo(undefined) });
    const client = await open(
      inProcess(clock, cluster),
      { clock, cluster },
      { clockSkewSeconds: -600 },
    );
    const error = await errorOf(client);
    expect(error).toMatchObject({
      name: "RetryableClusterAuth",
      action: "GetNode",
      code: "Http401",
    });
    expect(error.message).toContain(
      "aws eks create-access-entry --region eu-west-1 --cluster-name shop --principal-arn arn:aws:iam::444455556666:role/spot-optimizer --type STANDARD --kubernetes-groups spot-optimizer",
    );
    expect(error.message).toContain("it is 600 s behind");
    expect(JSON.stringify([error.message, error.cause, String(error.stack)])).not.toMatch(
      /k8s-aws-v1|Bearer/,
    );
    expect(error.message).not.toContain(credentials.sessionToken);
  });

  test("a clock that is ten minutes off is told beside the 401", async () => {
    const { clock, cluster } = virtualCluster({ source: mapped });
    const now = new Date(clock.now() + 600_000);
    const client = await open(
      inProcess(clock, cluster),
      { clock, cluster },
      { now, clockSkewSeconds: 600 },
    );
    const error = await errorOf(client);
    expect(error.name).toBe("RetryableClusterAuth");
    expect(error.message).toContain("our clock is off by minutes; it is 600 s ahead");
  });

  test("403 for want of a right names the rule that is missing", async () => {
    const { client } = await connected({ rules: [] });
    const error = await errorOf(client);
    expect(error.name).toBe("BrokenClusterAccess");
    expect(error.message).toContain('{apiGroups: [""], resources: ["nodes"], verbs: ["get"]}');
    expect(error.message).toContain("GetNode one in shop: Forbidden: ");
  });

  test("403 as nobody is not a matter of roles", async () => {
    const error = await answering(
      refusing(
        403,
        "Forbidden",
        'nodes "one" is forbidden: User "system:anonymous" cannot get resource "nodes" in API group "" at the cluster scope',
      ),
    );
    expect(error.name).toBe("BrokenClusterAccess");
    expect(error.message).toContain("aws eks create-access-entry");
  });

  test.each([
    [400, "BadRequest", "BrokenRequest"],
    [403, "Forbidden", "BrokenRequest"],
    [404, "NotFound", "BrokenNotFound"],
    [409, "Conflict", "RetryableContention"],
    [410, "Expired", "RetryableContention"],
    [422, "Invalid", "BrokenRequest"],
    [429, "TooManyRequests", "RetryableThrottled"],
    [500, "InternalError", "RetryableUnavailable"],
    [503, "ServiceUnavailable", "RetryableUnavailable"],
    [504, "Timeout", "RetryableUnavailable"],
  ])("%i %s is %s", async (code, reason, name) => {
    const error = await answering(refusing(code, reason, "no"));
    expect(error).toMatchObject({ name, code: reason, resource: "one" });
    expect(error.message).toContain(`GetNode one in shop: ${reason}: no`);
  });

  test("429 as plain text has the text and the status for a code", async () => {
    const error = await answering(({ faults }) => {
      faults.before(() => {
        throw tooManyRequests();
      });
    });
    expect(error).toMatchObject({ name: "RetryableThrottled", code: "Http429" });
    expect(error.message).toContain("Too many requests, please try again later.");
  });
});

describe("what never gets an answer", () => {
  const failed = (code: string): Error => Object.assign(new Error(code), { code });

  test.each([
    [failed("ECONNREFUSED"), "RetryableClusterUnreachable"],
    [failed("ConnectTimeout"), "RetryableClusterUnreachable"],
    [failed("ECONNRESET"), "RetryableUnavailable"],
    [failed("HPE_INVALID_CONSTANT"), "RetryableUnavailable"],
    [new DOMException("timeout", "TimeoutError"), "RetryableUnavailable"],
    [failed("ERR_TLS_CERT_ALTNAME_INVALID"), "BrokenClusterIdentity"],
    [failed("CERT_HAS_EXPIRED"), "BrokenClusterIdentity"],
    [new TypeError("x is not a function"), "BrokenRequest"],
  ])("%s is %s", async (thrown, name) => {
    const { clock, cluster } = virtualCluster();
    const client = await open(failingWith(thrown), { clock, cluster });
    const error = await errorOf(client);
    expect(error).toMatchObject({ name, cause: thrown });
  });
});

describe("over TLS", () => {
  const servers: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  const served = async (): Promise<{
    readonly cluster: KubeCluster;
    readonly server: KubeServer;
    readonly openAt: (change?: Parameters<typeof open>[2]) => Promise<KubernetesClient>;
  }> => {
    const { clock, cluster } = virtualCluster({ source: mapped });
    bindRules(cluster, policyRules);
    addNode(cluster, "one");
    const server = await serveKubernetes(cluster, {
      onDefect: (error) => {
        throw error;
      },
    });
    servers.push(server);
    return {
      cluster,
      server,
      openAt: (change) =>
        open(httpsTransport, { clock, cluster }, { endpoint: server.url, ...change }),
    };
  };

  test("a server of the cluster's own authority is asked, by a few connections for all clients of it", async () => {
    const { cluster } = virtualCluster({ source: mapped });
    bindRules(cluster, policyRules);
    const { clock } = virtualCluster();
    let connections = 0;
    const { serverCertificate, serverKey } = cluster.pki;
    const server = createServer(
      { cert: serverCertificate, key: serverKey },
      (_request, response) => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ kind: "Node", metadata: { name: "one" } }));
      },
    );
    server.on("secureConnection", () => (connections += 1));
    const port = await listenOnLoopback(server);
    servers.push(server);
    const at = { endpoint: `https://127.0.0.1:${String(port)}` };
    const clients = await Promise.all(
      Array.from({ length: 5 }, () => open(httpsTransport, { clock, cluster }, at)),
    );
    await Promise.all(
      clients.flatMap((client) => Array.from({ length: 8 }, () => readNode(client))),
    );
    expect(connections).toBeGreaterThan(0);
    expect(connections).toBeLessThanOrEqual(4);
    server.closeAllConnections();
  });

  test("the product's own way gives what the server has", async () => {
    const { openAt } = await served();
    expect((await readNode(await openAt())).spec?.providerID).toContain("aws:///");
  });

  test("a server of another authority is not asked", async () => {
    const { openAt, cluster } = await served();
    const client = await openAt({ authority: createPki(createRandom(3)).authority });
    expect(await errorOf(client)).toMatchObject({ name: "BrokenClusterIdentity" });
    expect(cluster.journal).toEqual([]);
  });

  test("a port at which nobody listens says so", async () => {
    const { openAt, server } = await served();
    await server.close();
    expect(await errorOf(await openAt())).toMatchObject({
      name: "RetryableClusterUnreachable",
      code: "ECONNREFUSED",
    });
    servers.splice(0);
  });

  test("an answer that breaks off is not an answer", async () => {
    const { openAt, cluster } = await served();
    cluster.faults.before(() => {
      throw new Error("cut");
    });
    expect(await errorOf(await openAt())).toMatchObject({ name: "RetryableUnavailable" });
  });
});
