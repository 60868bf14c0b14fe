import { Agent, request } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { KubeCluster } from "../../../../local/cloud/kubernetes/cluster.ts";
import { createPki } from "../../../../local/cloud/kubernetes/pki/certificates.ts";
import { LiveClock } from "../../../../local/platform/live-clock.ts";
import { createRandom } from "../../../../local/cloud/random.ts";
import { serveKubernetes, type KubeServer } from "../../../../local/wire/front/kubernetes-https.ts";
import {
  addBudget,
  addNode,
  clusterOn,
  virtualCluster,
} from "../../cloud/kubernetes/cluster-fixture.ts";
import { workloadsOn } from "../../cloud/kubernetes/workload-fixture.ts";
import { hasKubectl, kubectlFor, type Kubectl } from "./kubectl.ts";

interface Served {
  readonly cluster: KubeCluster;
  readonly server: KubeServer;
  readonly defects: unknown[];
}

const serve = async (): Promise<Served> => {
  const { cluster } = virtualCluster();
  const defects: unknown[] = [];
  const server = await serveKubernetes(cluster, { onDefect: (error) => defects.push(error) });
  return { cluster, server, defects };
};

/** Over TLS, verified against that authority. */
const get = (
  url: string,
  options: { readonly ca: string; readonly body?: string; readonly token?: string },
): Promise<{ readonly code: number | undefined; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const agent = new Agent({ ca: options.ca });
    const method = options.body === undefined ? "GET" : "POST";
    const headers = { authorization: `Bearer ${options.token ?? "local-admin"}` };
    const sent = request(url, { agent, method, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => {
        agent.destroy();
        resolve({ code: response.statusCode, body });
      });
    });
    sent.once("error", reject);
    sent.end(options.body);
  });

describe("over HTTPS", () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served.server.close());

  test("a client that trusts the cluster's authority is answered", async () => {
    const { server, cluster } = served;
    const { code, body } = await get(`${server.url}/readyz`, { ca: cluster.pki.authority });
    expect({ code, body }).toEqual({ code: 200, body: "ok" });
  });

  test("another authority does not vouch for it; the same seed gives the same one", async () => {
    const other = await serve();
    const { authority } = other.cluster.pki;
    const stranger = createPki(createRandom(99)).authority;
    await expect(get(`${other.server.url}/readyz`, { ca: stranger })).rejects.toThrow();
    expect(authority).toBe(served.cluster.pki.authority);
    await other.server.close();
  });

  test("what is not JSON is a 400, a broken connection breaks", async () => {
    const { server, cluster } = served;
    const ca = cluster.pki.authority;
    const path = `${server.url}/api/v1/namespaces`;
    expect((await get(path, { ca, body: "{" })).code).toBe(400);
    const release = cluster.faults.before(() => {
      throw new Error("reset");
    });
    await expect(get(path, { ca })).rejects.toThrow();
    release();
    expect(served.defects).toEqual([]);
  });

  test("a watch is sent line by line until its time is over", async () => {
    const { server, cluster } = served;
    const ca = cluster.pki.authority;
    const watching = get(`${server.url}/api/v1/nodes?watch=1&timeoutSeconds=0.2`, { ca });
    setTimeout(() => {
      addNode(cluster, "late");
    }, 20);
    const { body } = await watching;
    const [event] = body.trim().split("\n");
    expect(JSON.parse(event ?? "")).toMatchObject({
      type: "ADDED",
      object: { metadata: { name: "late" } },
    });
  });
});

const withKubectl = hasKubectl ? describe : describe.skip;

/** Two nodes, a Deployment under a budget, and an agent, on a clock that runs 20 times as fast. */
const lively = async (): Promise<Served & { readonly clock: LiveClock }> => {
  const defects: unknown[] = [];
  const onError = (error: unknown): void => void defects.push(error);
  const beganMs = Date.now();
  const clock = new LiveClock({ beganMs, speed: 20, onError });
  const world = workloadsOn(clusterOn(clock));
  for (const name of ["one", "two"]) world.join(name);
  world.deploy("deployments", "web", { replicas: 2 });
  world.deploy("daemonsets", "agent");
  addBudget(world.cluster, { minAvailable: 1 });
  await clock.goLive(beganMs + 20 * 60_000);
  const server = await serveKubernetes(world.cluster, { onDefect: onError });
  return { cluster: world.cluster, server, defects, clock };
};

withKubectl(`kubectl${hasKubectl ? "" : ": skipped, it is not on this machine"}`, () => {
  let served: Awaited<ReturnType<typeof lively>>;
  let kubectl: Kubectl;
  beforeAll(async () => {
    served = await lively();
    kubectl = kubectlFor(served.cluster, served.server.url);
  });
  afterAll(async () => {
    kubectl.remove();
    served.clock.stop();
    await served.server.close();
  });

  const places = (): readonly (string | undefined)[] =>
    served.cluster.control
      .list("pods")
      .filter(({ metadata }) => metadata.labels?.app === "web")
      .map(({ spec }) => spec.nodeName)
      .sort();

  test("shows nodes, pods and budgets in columns", async () => {
    const [nodes, pods, budgets] = await Promise.all(
      ["get nodes", "get pods -o wide", "get pdb"].map((command) => kubectl.run(command)),
    );
    expect(nodes?.stdout).toMatch(/^NAME +STATUS +ROLES +AGE +VERSION\none +Ready/);
    expect(pods?.stdout).toMatch(/web-\S+ +1\/1 +Running +0 /);
    expect(budgets?.stdout).toMatch(/ALLOWED DISRUPTIONS +AGE\nweb +1 +N\/A +1/);
  });

  test("shows who is asked before anything is admitted", async () => {
    const hook = { namespace: "default", name: "hook" };
    served.cluster.control.add("validatingwebhookconfigurations", {
      metadata: { name: "policy" },
      webhooks: [{ name: "policy.example.com", clientConfig: { service: hook } }],
    });
    served.cluster.control.add("services", {
      metadata: hook,
      spec: { selector: { app: "hook" } },
    });
    const hooks = await kubectl.run("get validatingwebhookconfigurations");
    expect(hooks.stdout).toMatch(/^NAME +WEBHOOKS +AGE\npolicy +1 +/);
    const service = await kubectl.run("get service hook -o jsonpath={.spec.selector.app}");
    expect(service.stdout).toBe("hook");
  });

  test("describes a node with its pods", async () => {
    const { stdout } = await kubectl.run("describe node one");
    expect(stdout).toContain("ProviderID:");
    expect(stdout).toMatch(/default +web-/);
  });

  test("is told what one may do, though it asks in protobuf", async () => {
    const admin = await kubectl.run("auth can-i create pods --subresource=eviction");
    expect(admin.stdout.trim()).toBe("yes");
    expect((await kubectl.run("auth whoami")).stdout).toContain("system:masters");
  });

  test("cordons, drains, and uncordons: the Deployment moves, the agent stays", async () => {
    expect((await kubectl.run("cordon one")).stdout).toContain("node/one cordoned");
    expect((await kubectl.run("get nodes")).stdout).toContain("Ready,SchedulingDisabled");
    expect((await kubectl.run("drain one")).stderr).toContain("DaemonSet-managed Pods");
    const drained = await kubectl.run("drain one --ignore-daemonsets");
    expect(drained.stdout).toContain("node/one drained");
    expect(places()).toEqual(["two", "two"]);
    expect((await kubectl.run("uncordon one")).code).toBe(0);
    expect(served.cluster.control.get("nodes", { name: "one" })?.spec.unschedulable).not.toBe(true);
    expect(served.defects).toEqual([]);
  });
});
