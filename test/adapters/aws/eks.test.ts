import {
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  EKSClient,
  UpdateNodegroupConfigCommand,
} from "@aws-sdk/client-eks";
import { HttpResponse } from "@smithy/core/protocols";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { readCluster, readNodeGroup, resizeNodeGroup } from "../../../adapters/aws/eks.ts";
import { awsError } from "./aws-error.ts";

const client = new EKSClient({ region: "eu-west-1" });
// This one alone: another test sends through the SDK itself.
const eks = mockClient(client);

const cluster = {
  name: "shop",
  arn: "arn:aws:eks:eu-west-1:444455556666:cluster/shop",
  status: "ACTIVE",
  version: "1.35",
  endpoint: "https://abc.gr7.eu-west-1.eks.amazonaws.com",
  certificateAuthority: { data: Buffer.from("-----BEGIN CERTIFICATE-----").toString("base64") },
  accessConfig: { authenticationMode: "API" },
  resourcesVpcConfig: { endpointPublicAccess: true },
} as const;

const nodegroup = {
  nodegroupName: "spot",
  status: "ACTIVE",
  capacityType: "SPOT",
  scalingConfig: { minSize: 0, maxSize: 3, desiredSize: 1 },
  subnets: ["subnet-1"],
  instanceTypes: ["m5.large"],
  labels: { app: "web" },
  taints: [{ key: "spot", value: "true", effect: "NO_SCHEDULE" }],
  amiType: "AL2023_x86_64_STANDARD",
  nodeRepairConfig: { enabled: true },
  resources: { autoScalingGroups: [{ name: "eks-spot-1" }] },
  health: {
    issues: [
      { code: "AsgInstanceLaunchFailures", message: "No capacity.", resourceIds: ["eks-spot-1"] },
    ],
  },
} as const;

const notFound = awsError("ResourceNotFoundException", { status: 404 });

beforeEach(() => {
  eks.reset();
});

describe("a cluster", () => {
  it("is told with the address and the authority of its API server", async () => {
    eks.on(DescribeClusterCommand, { name: "shop" }).resolves({ cluster });
    expect(await readCluster(client, "shop")).toEqual({
      facts: {
        name: "shop",
        arn: cluster.arn,
        status: "ACTIVE",
        version: "1.35",
        authenticationMode: "API",
        isEndpointPublic: true,
        isZonalShiftEnabled: false,
      },
      endpoint: cluster.endpoint,
      authority: "-----BEGIN CERTIFICATE-----",
    });
  });

  it("without access settings reads the ConfigMap", async () => {
    const { accessConfig: _, ...older } = cluster;
    eks.on(DescribeClusterCommand).resolves({ cluster: older });
    expect((await readCluster(client, "shop")).facts.authenticationMode).toBe("CONFIG_MAP");
  });

  it("has AWS's clock in it where the answer has a date", async () => {
    const body = Buffer.from(JSON.stringify({ cluster }));
    const real = new EKSClient({
      region: "eu-west-1",
      credentials: { accessKeyId: "AKID", secretAccessKey: "none" },
      requestHandler: {
        handle: () =>
          Promise.resolve({
            response: new HttpResponse({
              statusCode: 200,
              headers: {
                "content-type": "application/json",
                date: "Mon, 02 Mar 2026 09:00:00 GMT",
              },
              body,
            }),
          }),
      },
    });
    const { answeredAt } = await readCluster(real, "shop");
    expect(answeredAt?.toISOString()).toBe("2026-03-02T09:00:00.000Z");
  });

  it("that is unknown, or has no API server yet, is an error with its name", async () => {
    eks.on(DescribeClusterCommand).rejectsOnce(notFound);
    await expect(readCluster(client, "shop")).rejects.toMatchObject({ name: "BrokenNotFound" });
    const { endpoint: _, ...creating } = cluster;
    eks.on(DescribeClusterCommand).resolves({ cluster: creating });
    await expect(readCluster(client, "shop")).rejects.toMatchObject({
      name: "BrokenFacts",
      message: expect.stringContaining("the endpoint of cluster shop"),
    });
  });
});

describe("a managed node group", () => {
  const name = { clusterName: "shop", nodeGroup: "spot" };

  it("is told with sizes, capacity type and what ails it", async () => {
    eks
      .on(DescribeNodegroupCommand, { clusterName: "shop", nodegroupName: "spot" })
      .resolves({ nodegroup: { ...nodegroup, taints: [...nodegroup.taints] } as never });
    expect(await readNodeGroup(client, name)).toEqual({
      name: "spot",
      status: "ACTIVE",
      capacityType: "SPOT",
      minSize: 0,
      maxSize: 3,
      desiredSize: 1,
      subnetIds: ["subnet-1"],
      instanceTypes: ["m5.large"],
      labels: { app: "web" },
      taints: [{ key: "spot", value: "true", effect: "NO_SCHEDULE" }],
      amiType: "AL2023_x86_64_STANDARD",
      isAutoRepaired: true,
      asgNames: ["eks-spot-1"],
      healthIssues: ["AsgInstanceLaunchFailures No capacity. eks-spot-1"],
    });
  });

  it("is told with the launch template of its owner, or else with the size of its disks", async () => {
    const plain = { ...nodegroup, taints: [], diskSize: 20 };
    eks.on(DescribeNodegroupCommand).resolves({ nodegroup: plain as never });
    expect(await readNodeGroup(client, name)).toMatchObject({ diskSizeGib: 20 });
    const launchTemplate = { id: "lt-1", name: "workers", version: "3" };
    const own = { ...nodegroup, taints: [], launchTemplate };
    eks.on(DescribeNodegroupCommand).resolves({ nodegroup: own as never });
    const facts = await readNodeGroup(client, name);
    expect(facts?.launchTemplate).toEqual({ id: "lt-1", version: "3" });
    expect(facts).not.toHaveProperty("diskSizeGib");
  });

  it("that EKS does not know is none: its Auto Scaling group is the owner's", async () => {
    eks.on(DescribeNodegroupCommand).rejects(notFound);
    expect(await readNodeGroup(client, name)).toBeUndefined();
  });

  it("without sizes is not guessed at", async () => {
    eks
      .on(DescribeNodegroupCommand)
      .resolves({ nodegroup: { ...nodegroup, scalingConfig: {} } as never });
    await expect(readNodeGroup(client, name)).rejects.toMatchObject({ name: "BrokenFacts" });
  });

  it("is resized in what is given, under a token", async () => {
    eks.on(UpdateNodegroupConfigCommand).resolves({ $metadata: { requestId: "r-1" } });
    const done = await resizeNodeGroup(client, name, { desiredSize: 2, clientToken: "t-1" });
    expect(done).toEqual({ requestId: "r-1" });
    expect(eks.commandCalls(UpdateNodegroupConfigCommand)[0]?.args[0].input).toEqual({
      clusterName: "shop",
      nodegroupName: "spot",
      clientRequestToken: "t-1",
      scalingConfig: { desiredSize: 2 },
    });
  });

  it("that is being updated is tried again later", async () => {
    eks
      .on(UpdateNodegroupConfigCommand)
      .rejects(awsError("ResourceInUseException", { status: 409 }));
    await expect(
      resizeNodeGroup(client, name, { minSize: 1, clientToken: "t-1" }),
    ).rejects.toMatchObject({ name: "RetryableContention" });
  });
});
