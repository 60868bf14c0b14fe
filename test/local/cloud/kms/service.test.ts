import {
  CreateGrantCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListGrantsCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "@jest/globals";
import { createKms } from "../../../../local/cloud/kms/service.ts";
import { localClientConfig } from "../../../../local/wire/front/client-config.ts";
import { createFixture, refusalOf } from "../cloud-fixture.ts";
import {
  createWorld as createEc2World,
  account,
  region,
  runningSpot,
  spotLaunchOf,
} from "../ec2/world.ts";

const spotRoleOf = (accountId: string): string =>
  `arn:aws:iam::${accountId}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`;

const createWorld = () => {
  const { cloud } = createFixture();
  const kms = createKms({ useKeys: () => undefined });
  cloud.serve(kms);
  const accountId = cloud.identities.ownAccountId;
  const place = { accountId, region: "eu-west-1" };
  const clientOf = (credentials = cloud.identities.operator, where = place.region): KMSClient =>
    new KMSClient(localClientConfig(cloud, { region: where, credentials }));
  return { cloud, kms, place, accountId, clientOf, client: clientOf() };
};

describe("a key", () => {
  it("is told by its ARN and its id, in its region alone", async () => {
    const { kms, place, client, clientOf } = createWorld();
    const arn = kms.addKey(place);
    const { KeyMetadata: key } = await client.send(new DescribeKeyCommand({ KeyId: arn }));
    expect(key).toMatchObject({ Arn: arn, KeyState: "Enabled", KeyManager: "CUSTOMER" });
    const byId = await client.send(new DescribeKeyCommand({ KeyId: key?.KeyId }));
    expect(byId.KeyMetadata?.Arn).toBe(arn);
    const elsewhere = clientOf(undefined, "eu-central-1");
    expect(await refusalOf(elsewhere.send(new DescribeKeyCommand({ KeyId: arn })))).toMatchObject({
      code: "NotFoundException",
      status: 400,
    });
  });

  it("is told by an alias too, by which nothing else of it is asked", async () => {
    const { kms, place, client } = createWorld();
    const arn = kms.addKey({ ...place, alias: "alias/disks" });
    const aliasArn = `arn:aws:kms:${place.region}:${place.accountId}:alias/disks`;
    for (const KeyId of ["alias/disks", aliasArn]) {
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
      expect(KeyMetadata?.Arn).toBe(arn);
      const refused = await refusalOf(client.send(new GetKeyPolicyCommand({ KeyId })));
      expect(refused.code).toBe("NotFoundException");
    }
    const managed = await client.send(new DescribeKeyCommand({ KeyId: "alias/aws/ebs" }));
    expect(managed.KeyMetadata?.KeyManager).toBe("AWS");
    const unknown = await refusalOf(client.send(new DescribeKeyCommand({ KeyId: "alias/gone" })));
    expect(unknown.code).toBe("NotFoundException");
  });

  it("is enabled and disabled, and takes neither while it is being deleted", async () => {
    const { kms, place, client } = createWorld();
    const KeyId = kms.addKey(place);
    const stateOf = async () =>
      (await client.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
    await client.send(new DisableKeyCommand({ KeyId }));
    expect(await stateOf()).toBe("Disabled");
    await client.send(new EnableKeyCommand({ KeyId }));
    expect(await stateOf()).toBe("Enabled");
    kms.setState(KeyId, "PendingDeletion");
    expect((await refusalOf(client.send(new EnableKeyCommand({ KeyId })))).code).toBe(
      "KMSInvalidStateException",
    );
  });

  it("whose policy does not let the caller in is denied, whatever IAM says", async () => {
    const { kms, place, accountId, client } = createWorld();
    const KeyId = kms.addKey(place);
    kms.setPolicy(
      KeyId,
      JSON.stringify({
        Statement: [
          { Effect: "Allow", Principal: { AWS: spotRoleOf(accountId) }, Action: "kms:*" },
        ],
      }),
    );
    for (const answer of [
      client.send(new DescribeKeyCommand({ KeyId })),
      client.send(new GetKeyPolicyCommand({ KeyId })),
    ]) {
      expect((await refusalOf(answer)).code).toBe("AccessDeniedException");
    }
  });

  it("of another account is described where its policy lets that in, and its policy is not shown", async () => {
    const { kms, place, client } = createWorld();
    const KeyId = kms.addKey({ ...place, accountId: "777788889999" });
    expect((await refusalOf(client.send(new DescribeKeyCommand({ KeyId })))).code).toBe(
      "AccessDeniedException",
    );
    kms.setPolicy(
      KeyId,
      JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:*" }] }),
    );
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata?.AWSAccountId).toBe("777788889999");
    expect((await refusalOf(client.send(new GetKeyPolicyCommand({ KeyId })))).code).toBe(
      "AccessDeniedException",
    );
  });
});

describe("grants", () => {
  it("are listed for whom they are given to, in pages, and made by no dry run", async () => {
    const { kms, place, accountId, client } = createWorld();
    const KeyId = kms.addKey(place);
    const GranteePrincipal = spotRoleOf(accountId);
    const order = { KeyId, GranteePrincipal, Operations: ["Decrypt" as const] };
    expect(
      (await refusalOf(client.send(new CreateGrantCommand({ ...order, DryRun: true })))).code,
    ).toBe("DryRunOperationException");
    await client.send(new CreateGrantCommand(order));
    await client.send(new CreateGrantCommand(order));
    await client.send(new CreateGrantCommand({ ...order, GranteePrincipal: "arn:other" }));
    const first = await client.send(new ListGrantsCommand({ KeyId, GranteePrincipal, Limit: 1 }));
    expect([first.Grants?.length, first.Truncated]).toEqual([1, true]);
    const second = await client.send(
      new ListGrantsCommand({ KeyId, GranteePrincipal, Limit: 1, Marker: first.NextMarker }),
    );
    expect([second.Grants?.length, second.Truncated]).toEqual([1, false]);
  });

  it("are not made of a key that is disabled", async () => {
    const { kms, place, client } = createWorld();
    const KeyId = kms.addKey({ ...place, state: "Disabled" });
    const order = { KeyId, GranteePrincipal: "arn:other", Operations: ["Decrypt" as const] };
    expect((await refusalOf(client.send(new CreateGrantCommand(order)))).code).toBe(
      "DisabledException",
    );
  });
});

describe("EC2 and a key of a root", () => {
  const arn = `arn:aws:kms:${region}:${account}:key/root`;
  const create = () => {
    const world = createEc2World();
    const kms = createKms(world.ec2.keys);
    return { world, kms };
  };

  it("shows a volume that is encrypted without a word about its key under aws/ebs", () => {
    const { world } = create();
    const id = world.addInstance({ rootEncrypted: true });
    const { Volumes } = world.call("DescribeVolumes", {
      Filters: [{ Name: "attachment.instance-id", Values: [id] }],
    });
    expect(Volumes?.[0]?.KmsKeyId).toMatch(/^arn:aws:kms:us-east-1:222233334444:key\//);
  });

  it("stops an instance again that is started under a disabled key, and starts it once it is enabled", async () => {
    const { world, kms } = create();
    const id = world.addInstance({ rootEncrypted: true, kmsKeyId: arn });
    const seen = () => {
      const [reservation] =
        world.call("DescribeInstances", { InstanceIds: [id] }).Reservations ?? [];
      const [found] = reservation?.Instances ?? [];
      return [found?.State?.Name, found?.StateReason?.Code];
    };
    world.call("StopInstances", { InstanceIds: [id] });
    await world.pass(600);
    kms.setState(arn, "Disabled");
    world.call("StartInstances", { InstanceIds: [id] });
    await world.pass(600);
    expect(seen()).toEqual(["stopped", "Client.InvalidKMSKey.InvalidState"]);
    kms.setState(arn, "Enabled");
    world.call("StartInstances", { InstanceIds: [id] });
    await world.pass(600);
    expect(seen()[0]).toBe("running");
  });

  it("asks for no access of AWS's role for Spot where an On-Demand Instance starts", async () => {
    const { world, kms } = create();
    const id = world.addInstance({ rootEncrypted: true, kmsKeyId: arn });
    kms.setPolicy(arn, JSON.stringify({ Statement: [] }));
    world.call("StopInstances", { InstanceIds: [id] });
    await world.pass(600);
    world.call("StartInstances", { InstanceIds: [id] });
    await world.pass(600);
    expect(world.ec2.control.find(id)?.state).toBe("running");
  });

  it("ends a Spot launch whose snapshot is under a key that is closed to Spot, though its volume is under another", async () => {
    const { world, kms } = create();
    const id = world.addInstance({ rootEncrypted: true, kmsKeyId: arn });
    kms.setPolicy(arn, JSON.stringify({ Statement: [] }));
    const open = kms.addKey({ accountId: account, region });
    kms.grant(open, spotRoleOf(account));
    const [launched] =
      world.call("RunInstances", {
        ...spotLaunchOf(world, id),
        BlockDeviceMappings: [
          { DeviceName: "/dev/xvda", Ebs: { Encrypted: true, KmsKeyId: open } },
        ],
      }).Instances ?? [];
    await world.pass(60);
    const ended = world.call("DescribeInstances", {
      InstanceIds: [launched?.InstanceId ?? ""],
    }).Reservations?.[0]?.Instances?.[0];
    expect(ended?.StateReason?.Code).toBe("Client.InternalError");
  });

  it("encrypts what is new unasked where the account says so, under the key that it names", async () => {
    const { world, kms } = create();
    const keyOf = (id: string) =>
      world.call("DescribeVolumes", {
        Filters: [{ Name: "attachment.instance-id", Values: [id] }],
      }).Volumes?.[0]?.KmsKeyId;
    expect(world.call("GetEbsEncryptionByDefault", {}).EbsEncryptionByDefault).toBe(false);
    expect(world.call("GetEbsDefaultKmsKeyId", {}).KmsKeyId).toBe("alias/aws/ebs");
    const id = world.addInstance();
    expect(keyOf(await runningSpot(world, id))).toBeUndefined();
    world.call("EnableEbsEncryptionByDefault", {});
    expect(keyOf(await runningSpot(world, id))).toMatch(/key\/aws-ebs-/);
    const own = kms.addKey({ accountId: account, region, alias: "alias/own" });
    kms.grant(own, spotRoleOf(account));
    expect(world.call("ModifyEbsDefaultKmsKeyId", { KmsKeyId: "alias/own" }).KmsKeyId).toBe(own);
    expect(keyOf(await runningSpot(world, id))).toBe(own);
    expect(() => world.call("ModifyEbsDefaultKmsKeyId", { KmsKeyId: "alias/gone" })).toThrow(
      /does not exist/,
    );
  });
});

describe("what is encrypted", () => {
  const EncryptionContext = { "spot-optimizer:account": "444455556666" };
  const Plaintext = Buffer.from("hush");

  it("comes out under its own key and with its own context alone", async () => {
    const { kms, place, client } = createWorld();
    const [KeyId, other] = [kms.addKey(place), kms.addKey(place)];
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId, Plaintext, EncryptionContext }),
    );
    const open = (input: object) =>
      client.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext, ...input }));
    expect(Buffer.from((await open({})).Plaintext ?? []).toString()).toBe("hush");
    expect(await refusalOf(open({ KeyId: other }))).toMatchObject({
      code: "IncorrectKeyException",
    });
    expect(await refusalOf(open({ EncryptionContext: {} }))).toMatchObject({
      code: "InvalidCiphertextException",
    });
    expect(await refusalOf(open({ CiphertextBlob: Buffer.from("other") }))).toMatchObject({
      code: "InvalidCiphertextException",
    });
  });

  it("is not while the key is disabled", async () => {
    const { kms, place, client } = createWorld();
    const KeyId = kms.addKey({ ...place, state: "Disabled" });
    expect(await refusalOf(client.send(new EncryptCommand({ KeyId, Plaintext })))).toMatchObject({
      code: "DisabledException",
    });
  });
});
