import { createHash, createHmac } from "node:crypto";
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  DescribeUpdateCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListClustersCommand,
  ListNodegroupsCommand,
  UpdateAccessEntryCommand,
  UpdateNodegroupConfigCommand,
} from "@aws-sdk/client-eks";
import { SignatureV4 } from "@smithy/signature-v4";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { VirtualClock } from "../../../../local/cloud/clock.ts";
import { isReady } from "../../../../local/cloud/kubernetes/objects.ts";
import type { AccessKey } from "../../../../local/cloud/iam/identities.ts";
import { smallMarket } from "../../../../local/lab/small-market.ts";
import { addCluster, type ClusterOfOwner } from "../../../../local/platform/customer-cluster.ts";
import { createPlatform, type Platform } from "../../../../local/platform/platform.ts";
import { localClient } from "../../../../local/wire/front/client-config.ts";
import { refusalOf } from "../cloud-fixture.ts";
import { ask } from "../kubernetes/cluster-fixture.ts";

const accountId = "444455556666";
const region = "us-east-1";
const place = { accountId, region };
const roleArn = `arn:aws:iam::${accountId}:role/spot/optimizer`;
const clusterName = "shop";

let clock: VirtualClock;
let platform: Platform;
let cluster: ClusterOfOwner;
let eks: EKSClient;

const pass = (seconds: number): Promise<void> =>
  clock.run({ atMostMs: clock.now() + seconds * 1000 });

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 2, 2, 9));
  platform = createPlatform({
    clock,
    seed: 1,
    market: smallMarket,
    version: "0.0.0",
    settings: { bootMs: 8000 },
  });
  platform.ec2.control.addAccount(accountId, [region]);
  cluster = addCluster({ platform, ...place }, clusterName);
  const credentials = platform.cloud.identities.addUser({ accountId, name: "owner" });
  eks = localClient(EKSClient, platform.cloud, { front: "in-process", region, credentials });
});

const nodes = () => cluster.kubernetes.control.list("nodes");

class Sha256 {
  readonly #hash;
  constructor(secret?: string | Uint8Array) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret);
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }
}

/** As `aws eks get-token` makes it. */
const tokenOf = async (key: AccessKey): Promise<string> => {
  const host = `sts.${region}.amazonaws.com`;
  const signer = new SignatureV4({
    service: "sts",
    region,
    credentials: key,
    sha256: Sha256 as never,
  });
  const { query } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname: host,
      path: "/",
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
      headers: { host, "x-k8s-aws-id": clusterName },
    },
    { expiresIn: 60, signingDate: new Date(clock.now()) },
  );
  const url = `https://${host}/?${new URLSearchParams(query as Record<string, string>).toString()}`;
  return `k8s-aws-v1.${Buffer.from(url).toString("base64url")}`;
};

const session = (seconds = 3600): AccessKey => {
  platform.cloud.identities.addRole({
    accountId,
    name: "optimizer",
    path: "/spot/",
    trustedPrincipals: [accountId],
  });
  return platform.cloud.identities.openSession({
    roleArn,
    sessionName: "run-1",
    expiresAtMs: clock.now() + seconds * 1000,
  });
};

const whoIs = async (key: AccessKey) =>
  ask(cluster.kubernetes, "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    method: "POST",
    token: await tokenOf(key),
    body: {},
  });

describe("a cluster", () => {
  it("is described with endpoint and authority, and listed", async () => {
    const { cluster: shown } = await eks.send(new DescribeClusterCommand({ name: clusterName }));
    expect(shown).toMatchObject({
      status: "ACTIVE",
      version: "1.35",
      accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" },
    });
    expect(shown?.endpoint).toMatch(
      /^https:\/\/[0-9A-F]{32}\.gr7\.us-east-1\.eks\.amazonaws\.com$/,
    );
    const authority = Buffer.from(shown?.certificateAuthority?.data ?? "", "base64").toString();
    expect(authority).toBe(cluster.kubernetes.pki.authority);
    expect((await eks.send(new ListClustersCommand({}))).clusters).toEqual([clusterName]);
    expect(await refusalOf(eks.send(new DescribeClusterCommand({ name: "none" })))).toMatchObject({
      code: "ResourceNotFoundException",
      status: 404,
    });
  });
});

describe("access", () => {
  it("is what an entry maps: its groups, and a name with the session's", async () => {
    const key = session();
    expect((await whoIs(key)).code).toBe(401);
    const kubernetesGroups = ["spot-optimizer"];
    await eks.send(
      new CreateAccessEntryCommand({ clusterName, principalArn: roleArn, kubernetesGroups }),
    );
    expect((await whoIs(key)).body.status.userInfo).toEqual({
      username: `arn:aws:sts::${accountId}:assumed-role/optimizer/run-1`,
      groups: ["spot-optimizer", "system:authenticated"],
    });
    const token = await tokenOf(key);
    expect((await ask(cluster.kubernetes, "/api/v1/nodes", { token })).code).toBe(403);
    await eks.send(
      new AssociateAccessPolicyCommand({
        clusterName,
        principalArn: roleArn,
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
      }),
    );
    expect((await ask(cluster.kubernetes, "/api/v1/nodes", { token })).code).toBe(200);
    await eks.send(new DeleteAccessEntryCommand({ clusterName, principalArn: roleArn }));
    expect((await whoIs(key)).code).toBe(401);
  });

  it("ends with the role's session, before the token's 15 minutes", async () => {
    const key = session(300);
    await eks.send(new CreateAccessEntryCommand({ clusterName, principalArn: roleArn }));
    const token = await tokenOf(key);
    expect((await ask(cluster.kubernetes, "/version", { token })).code).toBe(200);
    clock.elapse(300_000);
    expect((await ask(cluster.kubernetes, "/version", { token })).code).toBe(401);
  });

  it("comes from the ConfigMap by the role's name without its path, and an entry wins over it", async () => {
    const key = session();
    const row = (group: string): string =>
      `- rolearn: arn:aws:iam::${accountId}:role/optimizer\n  username: spot\n  groups: [${group}]\n`;
    cluster.kubernetes.control.add("configmaps", {
      metadata: { name: "aws-auth", namespace: "kube-system" },
      data: { mapRoles: row("by-map") },
    });
    expect((await whoIs(key)).body.status.userInfo).toMatchObject({ username: "spot" });
    await eks.send(
      new CreateAccessEntryCommand({
        clusterName,
        principalArn: roleArn,
        username: "by-entry",
        kubernetesGroups: [],
      }),
    );
    expect((await whoIs(key)).body.status.userInfo).toMatchObject({ username: "by-entry" });
  });

  it("entries are shown, changed and listed; those of Kubernetes' own groups are refused", async () => {
    const entry = { clusterName, principalArn: roleArn };
    await eks.send(new CreateAccessEntryCommand({ ...entry, kubernetesGroups: ["one"] }));
    await eks.send(new UpdateAccessEntryCommand({ ...entry, kubernetesGroups: ["two"] }));
    const { accessEntry } = await eks.send(new DescribeAccessEntryCommand(entry));
    expect(accessEntry).toMatchObject({ kubernetesGroups: ["two"], type: "STANDARD" });
    const { accessEntries } = await eks.send(new ListAccessEntriesCommand({ clusterName }));
    expect(accessEntries).toEqual([roleArn]);
    expect((await refusalOf(eks.send(new CreateAccessEntryCommand(entry)))).code).toBe(
      "ResourceInUseException",
    );
    const masters = { ...entry, kubernetesGroups: ["system:masters"] };
    expect((await refusalOf(eks.send(new UpdateAccessEntryCommand(masters)))).code).toBe(
      "InvalidParameterException",
    );
  });
});

describe("nodes", () => {
  it("are instances of the cluster's groups, and run its workloads", async () => {
    await pass(60);
    expect(nodes()).toHaveLength(3);
    const ids = nodes().map(({ spec }) => /i-[0-9a-f]{17}$/.exec(spec.providerID ?? "")?.[0]);
    expect(ids.sort()).toEqual([...cluster.instanceIds].sort());
    expect(nodes()[0]?.status.allocatable).toMatchObject({ pods: "29" });
    const pods = cluster.kubernetes.control.list("pods");
    expect(pods).toHaveLength(10);
    expect(pods.every(isReady)).toBe(true);
  });

  it("a terminated one is lost and deleted, and its group's next instance joins", async () => {
    await pass(60);
    const [gone = ""] = cluster.instanceIds;
    platform.ec2.control.terminateByOwner(gone);
    await pass(60);
    expect(nodes().some(({ spec }) => spec.providerID?.endsWith(gone))).toBe(false);
    await pass(240);
    expect(nodes()).toHaveLength(3);
    expect(cluster.kubernetes.control.list("pods").filter(isReady)).toHaveLength(10);
  });

  it("a stopped one stays, NotReady", async () => {
    await pass(60);
    const [gone = ""] = cluster.instanceIds;
    cluster.kubernetes.control.leave(gone, "STOPPED");
    await pass(60);
    const node = nodes().find(({ spec }) => spec.providerID?.endsWith(gone));
    expect(node?.status.conditions).toContainEqual(
      expect.objectContaining({ type: "Ready", status: "Unknown" }),
    );
  });

  it("that never join stay away", async () => {
    platform.eks.control.planJoining(() => ({ isLost: true }));
    await eks.send(
      new UpdateNodegroupConfigCommand({
        clusterName,
        nodegroupName: "spot",
        scalingConfig: { desiredSize: 1 },
      }),
    );
    await pass(600);
    expect(nodes()).toHaveLength(3);
  });
});

describe("a managed node group", () => {
  it("is changed by who may change what bears its tag", async () => {
    const { identities } = platform.cloud;
    const grow = async (value: string): Promise<unknown> => {
      const name = `grower-${value}`;
      const role = identities.addRole({
        accountId,
        name,
        trustedPrincipals: [accountId],
        statements: [
          {
            effect: "Allow",
            actions: ["eks:UpdateNodegroupConfig"],
            resources: ["arn:aws:eks:*:*:nodegroup/*/*/*"],
            conditions: {
              StringEquals: { "aws:ResourceTag/spot-optimizer:enrolled": value },
            },
          },
        ],
      });
      const credentials = identities.openSession({ roleArn: role.arn, sessionName: "grow" });
      const client = localClient(EKSClient, platform.cloud, {
        front: "in-process",
        region,
        credentials,
      });
      return client.send(
        new UpdateNodegroupConfigCommand({
          clusterName,
          nodegroupName: "spot",
          scalingConfig: { desiredSize: 1 },
        }),
      );
    };
    expect(await refusalOf(grow("false"))).toMatchObject({ code: "AccessDeniedException" });
    expect(await grow("true")).toMatchObject({ update: { status: "InProgress" } });
  });

  const resize = (scalingConfig: object) =>
    eks.send(
      new UpdateNodegroupConfigCommand({ clusterName, nodegroupName: "spot", scalingConfig }),
    );

  it("grows by its configuration: a Spot instance joins with the group's labels", async () => {
    const { update } = await resize({ desiredSize: 1 });
    expect(update).toMatchObject({ status: "InProgress", type: "ConfigUpdate" });
    const busy = { code: "ResourceInUseException", status: 409 };
    expect(await refusalOf(resize({ desiredSize: 2 }))).toMatchObject(busy);
    await pass(240);
    const seen = await eks.send(
      new DescribeUpdateCommand({
        name: clusterName,
        nodegroupName: "spot",
        updateId: update?.id ?? "",
      }),
    );
    expect(seen.update?.status).toBe("Successful");
    const node = nodes().find(({ metadata }) => metadata.labels?.["eks.amazonaws.com/nodegroup"]);
    expect(node?.metadata.labels).toMatchObject({
      "eks.amazonaws.com/nodegroup": "spot",
      "eks.amazonaws.com/capacityType": "SPOT",
    });
  });

  const spotNode = () =>
    nodes().find(({ metadata }) => metadata.labels?.["eks.amazonaws.com/nodegroup"] === "spot");

  it("drains a node that its group takes away, budgets for 15 minutes and no longer", async () => {
    await resize({ desiredSize: 1 });
    await pass(240);
    const { control } = cluster.kubernetes;
    const { name = "" } = spotNode()?.metadata ?? {};
    const podsThere = () =>
      control
        .list("pods")
        .filter(({ metadata, spec }) => spec.nodeName === name && metadata.labels?.app === "lone");
    control.add("poddisruptionbudgets", {
      metadata: { name: "lone", namespace: "default" },
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: "lone" } } },
    });
    control.add("deployments", {
      metadata: { name: "lone", namespace: "default" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "lone" } },
        template: {
          metadata: { labels: { app: "lone" } },
          spec: {
            containers: [{ name: "main" }],
            nodeSelector: { "eks.amazonaws.com/nodegroup": "spot" },
          },
        },
      },
    });
    await pass(30);
    expect(podsThere()).toHaveLength(1);
    await resize({ desiredSize: 0 });
    await pass(600);
    expect(spotNode()?.spec.unschedulable).toBe(true);
    expect(podsThere()).toHaveLength(1);
    await pass(600);
    expect(spotNode()).toBeUndefined();
    expect(podsThere()).toEqual([]);
  });

  it("shows its sizes and its Auto Scaling group, and refuses what can't be", async () => {
    const { nodegroup } = await eks.send(
      new DescribeNodegroupCommand({ clusterName, nodegroupName: "spot" }),
    );
    expect(nodegroup).toMatchObject({
      status: "ACTIVE",
      capacityType: "SPOT",
      scalingConfig: { minSize: 0, maxSize: 3, desiredSize: 0 },
      resources: { autoScalingGroups: [{ name: "eks-spot-shop" }] },
    });
    expect((await eks.send(new ListNodegroupsCommand({ clusterName }))).nodegroups).toEqual([
      "spot",
    ]);
    expect((await refusalOf(resize({ desiredSize: 4 }))).message).toBe(
      "Desired capacity 4 can't be greater than max size 3",
    );
    expect((await refusalOf(resize({ minSize: 1 }))).code).toBe("InvalidParameterException");
  });
});
