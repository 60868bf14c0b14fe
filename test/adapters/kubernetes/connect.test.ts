import { CreateAccessEntryCommand, EKSClient } from "@aws-sdk/client-eks";
import { V1SelfSubjectReview } from "@kubernetes/client-node/dist/gen/index.js";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { callKubernetes, clusterOpener } from "../../../adapters/kubernetes/client.ts";
import { connectCluster } from "../../../adapters/kubernetes/connect.ts";
import { ourGroup } from "../../../adapters/kubernetes/rights.ts";
import { VirtualClock } from "../../../local/cloud/clock.ts";
import { smallMarket } from "../../../local/lab/small-market.ts";
import { addCluster, type ClusterOfOwner } from "../../../local/platform/customer-cluster.ts";
import { createPlatform, type Platform } from "../../../local/platform/platform.ts";
import { localClient, type Front } from "../../../local/wire/front/client-config.ts";
import { kubernetesInProcess } from "../../../local/wire/front/kubernetes-in-process.ts";
import { bindRules, policyRules } from "./client-fixture.ts";

const accountId = "444455556666";
const region = "us-east-1";

let clock: VirtualClock;
let platform: Platform;
let cluster: ClusterOfOwner;

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 2, 2, 9));
  platform = createPlatform({ clock, seed: 1, market: smallMarket, version: "0.0.0" });
  platform.ec2.control.addAccount(accountId, [region]);
  cluster = addCluster({ platform, accountId, region }, "shop");
  bindRules(cluster.kubernetes, policyRules);
});

/** With a session of the customer's role, as a step has it. */
const sessionClients = (front: Front) => {
  const { identities } = platform.cloud;
  const role = identities.addRole({
    accountId,
    name: "optimizer",
    trustedPrincipals: [accountId],
    allow: ["eks:DescribeCluster", "eks:CreateAccessEntry"],
  });
  const credentials = identities.openSession({
    roleArn: role.arn,
    sessionName: "evl-1",
    expiresAtMs: clock.now() + 3_600_000,
  });
  const eks = localClient(EKSClient, platform.cloud, { front, region, credentials });
  const transport = kubernetesInProcess({
    clock,
    clusterAt: (endpoint) => platform.eks.control.at(endpoint),
  });
  const session = { ...credentials, sessionToken: credentials.sessionToken ?? "" };
  return { roleArn: role.arn, eks, kubernetes: clusterOpener(transport)(region, session) };
};

describe.each(["in-process", "direct"] as const)("a step's session, %s", (front) => {
  const connect = async () => {
    const { roleArn, ...clients } = sessionClients(front);
    const now = (): Date => new Date(clock.now());
    return {
      roleArn,
      eks: clients.eks,
      ...(await connectCluster(clients, { clusterName: "shop", roleArn, now })),
    };
  };

  it("comes to the cluster's own API as whom an access entry maps it to", async () => {
    const { roleArn, eks, client, cluster: facts } = await connect();
    expect(facts).toMatchObject({ name: "shop", status: "ACTIVE" });
    const list = () =>
      callKubernetes(client, { action: "ListNodes" }, () => client.core.listNode());
    await expect(list()).rejects.toMatchObject({ name: "RetryableClusterAuth" });
    await eks.send(
      new CreateAccessEntryCommand({
        clusterName: "shop",
        principalArn: roleArn,
        kubernetesGroups: [ourGroup],
      }),
    );
    expect((await list()).items).toHaveLength(3);
  });

  it("is told how a cluster without access entries knows it, and comes in by that", async () => {
    cluster = addCluster({ platform, accountId, region }, "old", {
      authenticationMode: "CONFIG_MAP",
    });
    bindRules(cluster.kubernetes, policyRules);
    const { eks, ...clients } = sessionClients(front);
    const roleArn = clients.roleArn.replace(":role/", ":role/teams/cost/");
    const now = (): Date => new Date(clock.now());
    const { client } = await connectCluster(
      { eks, ...clients },
      { clusterName: "old", roleArn, now },
    );
    const list = () =>
      callKubernetes(client, { action: "ListNodes" }, () => client.core.listNode());
    await expect(list()).rejects.toMatchObject({
      name: "RetryableClusterAuth",
      nextStep: expect.stringContaining(
        `eksctl create iamidentitymapping --region ${region} --cluster old --arn ${clients.roleArn} --username spot-optimizer --group spot-optimizer`,
      ),
    });
    // What other clusters are told to do is not to be had here.
    const entry = new CreateAccessEntryCommand({ clusterName: "old", principalArn: roleArn });
    await expect(eks.send(entry)).rejects.toMatchObject({ name: "InvalidRequestException" });
    const row = `- rolearn: ${clients.roleArn}\n  username: spot-optimizer\n  groups: [${ourGroup}]\n`;
    cluster.kubernetes.control.add("configmaps", {
      metadata: { namespace: "kube-system", name: "aws-auth" },
      data: { mapRoles: row },
    });
    expect((await list()).items).not.toEqual([]);
  });

  it("is not let in for ever: the token ends after 15 minutes", async () => {
    const { client } = await connect();
    clock.elapse(16 * 60_000);
    const who = callKubernetes(client, { action: "GetSelf" }, () =>
      client.authentication.createSelfSubjectReview({ body: new V1SelfSubjectReview() }),
    );
    await expect(who).rejects.toMatchObject({ name: "RetryableClusterAuth" });
  });

  it("finds no cluster of another name", async () => {
    const { roleArn, ...clients } = sessionClients(front);
    const now = (): Date => new Date(clock.now());
    await expect(
      connectCluster(clients, { clusterName: "other", roleArn, now }),
    ).rejects.toMatchObject({ name: "BrokenNotFound" });
  });
});
