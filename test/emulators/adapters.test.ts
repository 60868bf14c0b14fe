/** The adapters on moto: requests that somebody else parses, and answers that somebody else writes. */
import {
  AllocateAddressCommand,
  CreateImageCommand,
  CreateNetworkInterfaceCommand,
  CreateVolumeCommand,
  DescribeImagesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
  type Image,
  type Subnet,
} from "@aws-sdk/client-ec2";
import {
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  KMSClient,
} from "@aws-sdk/client-kms";
import { STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { deregisterTarget, readTargetGroupsOf, registerTarget } from "../../adapters/aws/elb.ts";
import { deregisterImage, findImage } from "../../adapters/aws/ec2/images.ts";
import {
  readInstanceFacts,
  readInstanceTags,
  showInstance,
  startInstance,
  stopInstance,
  terminateInstance,
} from "../../adapters/aws/ec2/instances.ts";
import { readHealth } from "../../adapters/aws/ec2/health.ts";
import { readInstanceTypes, readOfferings, readSpotPrices } from "../../adapters/aws/ec2/market.ts";
import {
  associateAddress,
  attachInterface,
  readAddresses,
  readInterfaces,
} from "../../adapters/aws/ec2/network.ts";
import { readSubnets } from "../../adapters/aws/ec2/subnets.ts";
import { createTags, deleteTags } from "../../adapters/aws/ec2/tags.ts";
import {
  attachVolume,
  detachVolume,
  readVolumes,
  setDeleteOnTermination,
} from "../../adapters/aws/ec2/volumes.ts";
import { describeKey, hasGrantTo, readKeyPolicy } from "../../adapters/aws/kms.ts";
import { assumeRole } from "../../adapters/aws/sts.ts";
import { readKeyPolicyFor } from "../../core/decide/switch/key-access.ts";
import { spotRoleArn } from "../../core/decide/switch/spot-role.ts";
import { accountIdSchema } from "../../core/model/ids.ts";
import { freePort, startService, type Service } from "./child.ts";
import { python } from "./tools.ts";

const region = "us-east-1";
/** Moto's own. */
const accountId = accountIdSchema.parse("123456789012");

describe("the adapters on moto", () => {
  let service: Service;
  let ec2: EC2Client;
  let elb: ElasticLoadBalancingV2Client;
  let image: Image;
  let subnet: Subnet;
  let instanceId: string;

  const present = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error("Moto did not answer with what AWS always sends.");
    return value;
  };

  const clientOptions = () => ({
    region,
    endpoint: service.url,
    credentials: { accessKeyId: "moto", secretAccessKey: "moto" },
  });

  /** As an owner launches it. */
  const launch = async (): Promise<string> => {
    const { Instances: [launched] = [] } = await ec2.send(
      new RunInstancesCommand({
        ImageId: image.ImageId,
        InstanceType: "m5.large",
        SubnetId: subnet.SubnetId,
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "web" }] }],
      }),
    );
    return present(launched?.InstanceId);
  };

  beforeAll(async () => {
    const port = await freePort();
    service = await startService(
      {
        command: python("moto_server"),
        args: ["-H", "127.0.0.1", "-p", String(port)],
        variables: { MOTO_EC2_LOAD_DEFAULT_AMIS: "true" },
      },
      { port, path: "/moto-api/" },
    );
    ec2 = new EC2Client(clientOptions());
    elb = new ElasticLoadBalancingV2Client(clientOptions());
    const { Images: images = [] } = await ec2.send(new DescribeImagesCommand({}));
    image = present(
      images.find(
        ({ Architecture, Platform }) => Architecture === "x86_64" && Platform === undefined,
      ),
    );
    const { Subnets: subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    subnet = present(subnets[0]);
    instanceId = await launch();
  }, 120_000);

  afterAll(async () => {
    ec2.destroy();
    elb.destroy();
    await service.stop();
  });

  it("read an instance, and refuse by name what moto does not tell of it", async () => {
    const shown = await showInstance(ec2, instanceId);
    expect(shown).toMatchObject({
      state: "running",
      instance: { InstanceType: "m5.large", SubnetId: subnet.SubnetId, ImageId: image.ImageId },
    });
    expect((await readHealth(ec2, instanceId)).state).toBe("running");
    // AWS always sends PlatformDetails (EC2 API reference, Instance).
    const facts = readInstanceFacts(ec2, { instanceId, accountId, region });
    await expect(facts).rejects.toMatchObject({
      name: "BrokenFacts",
      message: "AWS did not tell the instance's platform.",
    });
    expect(
      await readInstanceFacts(ec2, { instanceId: "i-0123456789abcdef0", accountId, region }),
    ).toBeUndefined();
  });

  it("stop, start and ask again of an instance", async () => {
    const stopped = await launch();
    await stopInstance(ec2, stopped);
    expect((await showInstance(ec2, stopped))?.state).toBe("stopped");
    await stopInstance(ec2, stopped);
    await startInstance(ec2, stopped);
    expect((await readHealth(ec2, stopped)).state).toBe("running");
    await terminateInstance(ec2, stopped);
    await terminateInstance(ec2, stopped);
    expect((await showInstance(ec2, stopped))?.state).toBe("terminated");
  });

  it("find an image by its name, and take it away, once more without harm", async () => {
    // Moto takes one TagSpecification, and our CreateImage has two.
    const made = await ec2.send(new CreateImageCommand({ InstanceId: instanceId, Name: "ours" }));
    const imageId = present(made.ImageId);
    expect(await findImage(ec2, { name: "ours" })).toMatchObject({ imageId });
    await deregisterImage(ec2, imageId);
    expect(await findImage(ec2, { imageId })).toBeUndefined();
    await deregisterImage(ec2, imageId);
  });

  it("move a volume from one instance to another, and repeat each call", async () => {
    const other = await launch();
    const created = await ec2.send(
      new CreateVolumeCommand({ AvailabilityZone: subnet.AvailabilityZone, Size: 8 }),
    );
    const volumeId = present(created.VolumeId);
    const place = { volumeId, instanceId, deviceName: "/dev/sdf" };
    await attachVolume(ec2, place);
    await attachVolume(ec2, place);
    await setDeleteOnTermination(ec2, { instanceId, deviceName: "/dev/sdf", value: false });
    expect(await readVolumes(ec2, [volumeId])).toMatchObject([
      { volumeId, state: "in-use", attachedTo: instanceId, deviceName: "/dev/sdf" },
    ]);
    await detachVolume(ec2, { volumeId, instanceId });
    await detachVolume(ec2, { volumeId, instanceId });
    await attachVolume(ec2, { ...place, instanceId: other });
    expect(await readVolumes(ec2, [volumeId])).toMatchObject([{ attachedTo: other }]);
  });

  it("move an Elastic IP and attach an interface", async () => {
    const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
    const allocationId = present(AllocationId);
    const created = await ec2.send(
      new CreateNetworkInterfaceCommand({ SubnetId: subnet.SubnetId }),
    );
    const networkInterfaceId = present(created.NetworkInterface?.NetworkInterfaceId);
    await attachInterface(ec2, { networkInterfaceId, instanceId, deviceIndex: 1 });
    const [reading] = await readInterfaces(ec2, [networkInterfaceId]);
    expect(reading).toMatchObject({ networkInterfaceId, attachedTo: instanceId });
    const privateIp = present(created.NetworkInterface?.PrivateIpAddress);
    await associateAddress(ec2, { allocationId, interfaceId: networkInterfaceId, privateIp });
    expect(await readAddresses(ec2, [allocationId])).toMatchObject([
      { allocationId, networkInterfaceId },
    ]);
  });

  it("set tags and take them away", async () => {
    await createTags(ec2, { resources: [instanceId], tags: { "spot-optimizer:target": "tgt-1" } });
    expect(await readInstanceTags(ec2, instanceId)).toMatchObject({
      "spot-optimizer:target": "tgt-1",
    });
    await deleteTags(ec2, { resources: [instanceId], tags: { "spot-optimizer:target": "tgt-1" } });
    expect(await readInstanceTags(ec2, instanceId)).toEqual({ Name: "web" });
  });

  it("register in a target group, find themselves there, and leave it", async () => {
    const { TargetGroups: [group] = [] } = await elb.send(
      new CreateTargetGroupCommand({
        Name: "web",
        Protocol: "HTTP",
        Port: 80,
        VpcId: subnet.VpcId,
      }),
    );
    const target = { arn: present(group?.TargetGroupArn), instanceId, port: 80 };
    await registerTarget(elb, target);
    expect(await readTargetGroupsOf(elb, instanceId)).toEqual([{ arn: target.arn, port: 80 }]);
    await deregisterTarget(elb, target);
    expect(await readTargetGroupsOf(elb, instanceId)).toEqual([]);
  });

  it("read the market: subnets, types, offers and prices", async () => {
    expect(await readSubnets(ec2, { vpcId: present(subnet.VpcId) })).toContainEqual(
      expect.objectContaining({ subnetId: subnet.SubnetId }),
    );
    const types = await readInstanceTypes(ec2);
    expect(types.find(({ instanceType }) => instanceType === "m5.large")).toMatchObject({
      vcpu: 2,
      memoryMib: 8192,
    });
    expect((await readOfferings(ec2)).length).toBeGreaterThan(100);
    const question = { now: new Date(), instanceType: "m5.large", product: "Linux/UNIX" } as const;
    const prices = await readSpotPrices(ec2, question);
    expect(prices.length).toBeGreaterThan(0);
  });

  it("read a key: its state, whom its policy leaves out, and whether a grant lets him in", async () => {
    const kms = new KMSClient(clientOptions());
    const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
    const keyId = present(key?.Arn);
    const roleArn = spotRoleArn(accountId);
    const shown = { arn: keyId, state: "Enabled", isAwsManaged: false };
    expect(await describeKey(kms, keyId)).toEqual(shown);
    const policy = await readKeyPolicy(kms, keyId);
    expect(readKeyPolicyFor(policy, { roleArn, hasIamPolicies: false })).toBe("LEAVES_OUT");
    expect(readKeyPolicyFor(policy, { roleArn, hasIamPolicies: true })).toBe("MAY_LET_IN");
    expect(await hasGrantTo(kms, { keyId, roleArn })).toBe(false);
    await kms.send(
      new CreateGrantCommand({ KeyId: keyId, GranteePrincipal: roleArn, Operations: ["Decrypt"] }),
    );
    expect(await hasGrantTo(kms, { keyId, roleArn })).toBe(true);
    // Moto takes its id alone.
    await kms.send(new DisableKeyCommand({ KeyId: key?.KeyId }));
    expect(await describeKey(kms, keyId)).toMatchObject({ state: "Disabled" });
    expect(await describeKey(kms, keyId.replace(/.{8}$/, "00000000"))).toBeUndefined();
    kms.destroy();
  });

  it("assume a role", async () => {
    const sts = new STSClient(clientOptions());
    const now = new Date();
    const session = await assumeRole(sts, {
      roleArn: `arn:aws:iam::${accountId}:role/SpotOptimizerRole`,
      externalId: "spot-optimizer-example",
      sessionName: "evl-0123456789",
      now,
    });
    expect(session.expiresAt.getTime()).toBeGreaterThan(now.getTime());
    sts.destroy();
  });
});
