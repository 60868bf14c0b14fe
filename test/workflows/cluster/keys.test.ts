/** Keys of what a group would launch: what they would refuse is known before anything is touched, and the command that is told mends it. */
import {
  EC2Client,
  EnableEbsEncryptionByDefaultCommand,
  ModifyEbsDefaultKmsKeyIdCommand,
} from "@aws-sdk/client-ec2";
import { CreateGrantCommand, KMSClient } from "@aws-sdk/client-kms";
import { describe, expect, it } from "@jest/globals";
import { verificationSchema } from "../../../lambdas/api/schemas/verification.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import { createGroupLab, type GroupEnding, type GroupLab } from "../../../local/lab/group-lab.ts";
import { localClientConfig } from "../../../local/wire/front/client-config.ts";

const [accountId, region] = ["444455556666", "us-east-1"];
const keyId = `arn:aws:kms:${region}:${accountId}:key/one`;
const root = `arn:aws:iam::${accountId}:root`;
const serviceRole = (service: string, name: string): string =>
  `arn:aws:iam::${accountId}:role/aws-service-role/${service}.amazonaws.com/${name}`;
const roleArn = `arn:aws:iam::${accountId}:role/SpotOptimizerRole`;
const spotRole = serviceRole("spot", "AWSServiceRoleForEC2Spot");
const groupRole = serviceRole("autoscaling", "AWSServiceRoleForAutoScaling");

const policyOf = (...principals: readonly string[]): string =>
  JSON.stringify({
    Statement: principals.map((AWS) => ({
      Effect: "Allow",
      Principal: { AWS },
      Action: "kms:*",
      Resource: "*",
    })),
  });

/** What was found when the account was verified is believed for a day. */
const aDayLater = ({ account }: GroupLab): void => {
  account.clock.elapse(25 * 3_600_000);
};

/** Whoever reads it is let in to read, and to nothing else. */
const readable = {
  Effect: "Allow",
  Principal: { AWS: root },
  Action: ["kms:Describe*", "kms:Get*", "kms:List*"],
};
const onlyTheGroups = JSON.stringify({
  Statement: [readable, { Effect: "Allow", Principal: { AWS: groupRole }, Action: "kms:*" }],
});

const encrypted = (): Promise<GroupLab> =>
  createGroupLab({ size: 2, member: { rootEncrypted: true, kmsKeyId: keyId } });

const device = (kmsKeyId: string) => ({
  BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { Encrypted: true, KmsKeyId: kmsKeyId } }],
});

const asOwner = ({ platform: { cloud } }: GroupLab) => {
  const credentials = cloud.identities.addUser({ accountId, name: "owner" });
  return localClientConfig(cloud, { region, credentials });
};

const launchesOf = ({ platform }: GroupLab): number =>
  platform.cloud.journal.filter(({ operation, dryRun }) => operation === "RunInstances" && !dryRun)
    .length;

const verdictOf = ({ evaluation }: GroupEnding) => evaluation.verdict;

const keysOf = async ({ account: { api } }: GroupLab) =>
  (await api.post(`/accounts/${accountId}/verify`, verificationSchema, {})).keys;

describe("a group whose members have a root under a key", () => {
  it("that is open to AWS's role for Spot is converted", async () => {
    const lab = await encrypted();
    lab.platform.kms.setPolicy(keyId, policyOf(root, spotRole));
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(verdictOf(ending)?.sentence).not.toContain("Not read");
  });

  it("Key policy names only the group's service role: named as key policy, no pool cooled, found by verify", async () => {
    const lab = await encrypted();
    lab.platform.kms.setPolicy(keyId, onlyTheGroups);
    const ending = await lab.run();
    expect(verdictOf(ending)).toMatchObject({ kind: "REFUSE", reason: "KEY_CLOSED_TO_SPOT" });
    expect(verdictOf(ending)?.sentence).toContain("Also: KEY_CLOSED_TO_ROLE");
    expect(launchesOf(lab)).toBe(0);
    const [found, ...others] = await keysOf(lab);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ key_id: keyId, region, status: "UNUSABLE" });
    expect(found?.volumes).toEqual([expect.stringMatching(/^snap-/)]);
    for (const role of [spotRole, roleArn]) {
      expect(found?.message).toContain(`--grantee-principal ${role}`);
      await new KMSClient(asOwner(lab))
        .send(
          new CreateGrantCommand({
            KeyId: keyId,
            GranteePrincipal: role,
            Operations: ["Decrypt", "CreateGrant"],
          }),
        )
        .catch((error: unknown) => {
          // Its policy lets nobody make a grant: whoever administers it does.
          expect(error).toMatchObject({ name: "AccessDeniedException" });
          lab.platform.kms.grant(keyId, role);
        });
    }
    expect((await keysOf(lab)).map(({ status }) => status)).toEqual(["USABLE"]);
    // No pool has a bad memory of what was the key's fault.
    expect((await lab.run()).status).toBe("SWITCHED");
  });

  it("that is disabled is refused, and nothing is launched", async () => {
    const lab = await encrypted();
    lab.platform.kms.setState(keyId, "Disabled");
    const ending = await lab.run();
    expect(verdictOf(ending)).toMatchObject({ kind: "REFUSE", reason: "KEY_UNUSABLE" });
    expect(launchesOf(lab)).toBe(0);
  });
});

describe("a key that the template names", () => {
  it.each(["alias/disks", keyId])("as %s is read as the key itself", async (named) => {
    const lab = await createGroupLab({ size: 2, template: device(named) });
    lab.platform.kms.addKey({ accountId, region, arn: keyId, alias: "alias/disks" });
    const ending = await lab.run();
    expect(verdictOf(ending)?.reason).toBe("KEY_CLOSED_TO_SPOT");
    expect(verdictOf(ending)?.sentence).toMatch(
      new RegExp(`Key ${keyId} of /dev/xvda of lt-\\w+ version 1`),
    );
  });

  it("and that is not there: the group could launch nothing either", async () => {
    const lab = await createGroupLab({ size: 2, template: device("alias/gone") });
    const ending = await lab.run();
    expect(verdictOf(ending)?.reason).toBe("KEY_UNUSABLE");
    expect(verdictOf(ending)?.sentence).toContain("name another key in its launch template");
  });
});

describe("an account that encrypts by default", () => {
  const byDefault = async (key?: string): Promise<GroupLab> => {
    const lab = await createGroupLab({ size: 2 });
    const ec2 = new EC2Client(asOwner(lab));
    if (key !== undefined) {
      lab.platform.kms.addKey({ accountId, region, arn: key });
      await ec2.send(new ModifyEbsDefaultKmsKeyIdCommand({ KmsKeyId: key }));
    }
    await ec2.send(new EnableEbsEncryptionByDefaultCommand({}));
    aDayLater(lab);
    return lab;
  };

  it("under AWS's own key is nothing against a group", async () => {
    expect((await (await byDefault()).run()).status).toBe("SWITCHED");
  });

  it("under a key that is closed to Spot is found before anything is launched", async () => {
    const lab = await byDefault(keyId);
    const ending = await lab.run();
    expect(verdictOf(ending)?.reason).toBe("KEY_CLOSED_TO_SPOT");
    expect(launchesOf(lab)).toBe(0);
    lab.platform.kms.grant(keyId, spotRole);
    expect((await lab.run()).status).toBe("SWITCHED");
  });
});

describe("a key that may not be read", () => {
  const denying = (lab: GroupLab, service: string, denied: string): void => {
    lab.platform.cloud.faults.before((call) => {
      if (call.service !== service || call.operation !== denied) return;
      throw new CloudError("AccessDeniedException", `Not allowed to ${denied}.`);
    });
  };

  it("refuses nothing, and is told; one that is closed ends the replacement before it is attached, and cools no pool", async () => {
    const lab = await encrypted();
    lab.platform.kms.setPolicy(keyId, policyOf(root));
    denying(lab, "kms", "ListGrants");
    const ending = await lab.run();
    expect(verdictOf(ending)?.sentence).toMatch(
      /Not read beforehand: .*whether AWS's role for Spot may use it.*before it is attached/,
    );
    expect(ending.status).not.toBe("SWITCHED");
    const operations = lab.platform.cloud.journal.map(({ operation }) => operation);
    expect(operations).not.toContain("AttachInstances");
    expect(operations).not.toContain("TerminateInstanceInAutoScalingGroup");
    expect(ending.swaps.map(({ sentence }) => sentence).join(" ")).toContain("create-grant");
    expect(ending.swaps.flatMap(({ failed }) => failed)).toEqual([]);
  });

  it("by default is told too", async () => {
    const lab = await createGroupLab({ size: 2 });
    aDayLater(lab);
    denying(lab, "ec2", "GetEbsEncryptionByDefault");
    const ending = await lab.run();
    expect(ending.status).toBe("SWITCHED");
    expect(verdictOf(ending)?.sentence).toContain("Not read beforehand: the key of /dev/xvda");
  });
});
