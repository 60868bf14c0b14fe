/** Keys of encrypted volumes: what they would refuse is known before anything is touched, and the command that is told mends it. */
import { CreateGrantCommand, EnableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { describe, expect, it } from "@jest/globals";
import { evaluationIdSchema } from "../../../core/model/ids.ts";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import { letSwitchesBegin } from "../../../local/lab/scenarios.ts";
import { localClientConfig } from "../../../local/wire/front/client-config.ts";

const keyId = `arn:aws:kms:${region}:${accountId}:key/one`;
const spotRole = `arn:aws:iam::${accountId}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`;
const place = { accountId, region };

const encrypted = async (options: LabOptions = {}): Promise<Lab> =>
  createLab({
    ...options,
    instance: { rootEncrypted: true, kmsKeyId: keyId, ...options.instance },
  });

const runIn = async (lab: Lab): Promise<Ending> => {
  await letSwitchesBegin(lab);
  const story = await lab.run();
  expect(await complaintsAbout(lab, story)).toEqual([]);
  return story;
};

const verdictOf = ({ evaluation }: Ending) => evaluation.verdict;

const launchesOf = ({ platform }: Lab): number =>
  platform.cloud.journal.filter(({ operation, dryRun }) => operation === "RunInstances" && !dryRun)
    .length;

const policyOf = (...principals: readonly string[]): string =>
  JSON.stringify({
    Statement: principals.map((AWS) => ({
      Effect: "Allow",
      Principal: { AWS },
      Action: "kms:*",
      Resource: "*",
    })),
  });
const root = `arn:aws:iam::${accountId}:root`;

/** What its owner does in his account. */
const ownersKms = ({ platform: { cloud } }: Lab): KMSClient => {
  const credentials = cloud.identities.addUser({ accountId, name: "owner" });
  return new KMSClient(localClientConfig(cloud, { region, credentials }));
};

describe("an instance with a root under a key", () => {
  it.each([
    ["of AWS's own for EBS", {}],
    ["that is open to all of the account through EC2", { kmsKeyId: keyId }],
  ])("%s is switched", async (_what, instance) => {
    const lab = await createLab({ instance: { rootEncrypted: true, ...instance } });
    const story = await runIn(lab);
    expect(story.status).toBe("SWITCHED");
    expect(verdictOf(story)?.sentence).not.toContain("Not read");
  });

  it("whose policy names AWS's role for Spot is switched", async () => {
    const lab = await encrypted();
    lab.platform.kms.setPolicy(keyId, policyOf(root, spotRole));
    expect((await runIn(lab)).status).toBe("SWITCHED");
  });

  it("that the account's IAM policies alone open is refused, and switched after the grant that is told", async () => {
    const lab = await encrypted();
    lab.platform.kms.setPolicy(keyId, policyOf(root));
    const story = await runIn(lab);
    expect(story.status).toBe("REFUSED");
    expect(verdictOf(story)).toMatchObject({ kind: "REFUSE", reason: "KEY_CLOSED_TO_SPOT" });
    expect(launchesOf(lab)).toBe(0);
    const [, principal] = /--grantee-principal (\S+)/.exec(verdictOf(story)?.sentence ?? "") ?? [];
    await ownersKms(lab).send(
      new CreateGrantCommand({
        KeyId: keyId,
        GranteePrincipal: principal,
        Operations: ["Decrypt", "GenerateDataKeyWithoutPlaintext", "CreateGrant"],
      }),
    );
    expect((await runIn(lab)).status).toBe("SWITCHED");
  });

  it("that is closed to our role is refused", async () => {
    const lab = await encrypted();
    // Whoever reads it is let in to read, and to nothing else.
    lab.platform.kms.setPolicy(
      keyId,
      JSON.stringify({
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: root },
            Action: ["kms:Describe*", "kms:Get*", "kms:List*"],
          },
          { Effect: "Allow", Principal: { AWS: spotRole }, Action: "kms:*" },
        ],
      }),
    );
    const story = await runIn(lab);
    expect(verdictOf(story)).toMatchObject({ kind: "REFUSE", reason: "KEY_CLOSED_TO_ROLE" });
    expect(verdictOf(story)?.sentence).toContain(
      `arn:aws:iam::${accountId}:role/SpotOptimizerRole`,
    );
  });
});

describe("a key that cannot be used", () => {
  it.each([
    ["Disabled", "aws kms enable-key"],
    ["PendingDeletion", "aws kms cancel-key-deletion"],
    ["PendingImport", "aws kms get-parameters-for-import"],
    ["Unavailable", "connect-custom-key-store"],
  ] as const)("because it is %s is a refusal, with what mends it", async (state, remedy) => {
    const lab = await encrypted();
    lab.platform.kms.setState(keyId, state);
    const story = await runIn(lab);
    expect(verdictOf(story)).toMatchObject({ kind: "REFUSE", reason: "KEY_UNUSABLE" });
    expect(verdictOf(story)?.sentence).toContain(state);
    expect(verdictOf(story)?.sentence).toContain(remedy);
    expect(launchesOf(lab)).toBe(0);
  });

  it("is switched under once it is enabled", async () => {
    const lab = await encrypted();
    lab.platform.kms.setState(keyId, "Disabled");
    expect((await runIn(lab)).status).toBe("REFUSED");
    await ownersKms(lab).send(new EnableKeyCommand({ KeyId: keyId }));
    expect((await runIn(lab)).status).toBe("SWITCHED");
  });

  it("because it was deleted is a refusal that warns of a stop", async () => {
    const lab = await encrypted();
    lab.platform.kms.removeKey(keyId);
    const story = await runIn(lab);
    expect(verdictOf(story)).toMatchObject({ kind: "REFUSE", reason: "KEY_UNUSABLE" });
    expect(verdictOf(story)?.sentence).toContain("do not stop it");
  });

  it("and is a data volume's is a refusal too, though nothing is launched under it", async () => {
    const lab = await createLab({
      consistency: "stop-and-image",
      instance: { dataVolumes: [{ sizeGib: 8, encrypted: true }], kmsKeyId: keyId },
    });
    lab.platform.kms.setState(keyId, "Disabled");
    expect(verdictOf(await runIn(lab))?.reason).toBe("KEY_UNUSABLE");
  });
});

describe("verify of the account", () => {
  const keysOf = async (lab: Lab) => {
    const { status, body } = await lab.send("POST", `/accounts/${accountId}/verify`);
    expect(status).toBe(200);
    return body as { verified: boolean; keys: readonly { status: string; message: string }[] };
  };

  it.each([
    ["USABLE", () => undefined, "Nothing stands against it"],
    [
      "UNUSABLE",
      (lab: Lab) => {
        lab.platform.kms.setState(keyId, "Disabled");
      },
      "enable-key",
    ],
    [
      "UNUSABLE",
      (lab: Lab) => {
        lab.platform.kms.setPolicy(keyId, policyOf(root));
      },
      "aws kms create-grant",
    ],
    [
      "UNREAD",
      (lab: Lab) => {
        lab.platform.kms.setPolicy(keyId, policyOf(spotRole));
      },
      "DescribeKey",
    ],
  ] as const)(
    "says of the keys of its targets that they are %s, and verifies all the same",
    async (status, harm, told) => {
      const lab = await encrypted();
      harm(lab);
      const { verified, keys } = await keysOf(lab);
      expect(verified).toBe(true);
      expect(keys).toEqual([
        expect.objectContaining({
          key_id: keyId,
          region,
          status,
          volumes: [expect.stringMatching(/^vol-/)],
        }),
      ]);
      expect(keys[0]?.message).toContain(told);
    },
  );

  it("has none where nothing is encrypted", async () => {
    expect((await keysOf(await createLab({}))).keys).toEqual([]);
  });
});

describe("a key that may not be read", () => {
  const denying = (lab: Lab, ...denied: readonly string[]): void => {
    lab.platform.cloud.faults.before(({ service, operation }) => {
      if (service === "kms" && denied.includes(operation)) {
        throw new CloudError("AccessDeniedException", `Not allowed to ${operation}.`);
      }
    });
  };

  it.each([
    [["DescribeKey"], "DescribeKey"],
    [["GetKeyPolicy"], "whether AWS's role for Spot may use it"],
  ])("%s: refuses nothing, and is told with the verdict", async (denied, told) => {
    const lab = await encrypted();
    denying(lab, ...denied);
    const story = await runIn(lab);
    expect(story.status).toBe("SWITCHED");
    expect(verdictOf(story)?.sentence).toMatch(
      /Not read beforehand: .*before the original is stopped/,
    );
    expect(verdictOf(story)?.sentence).toContain(told);
  });

  it("and is closed to Spot ends the launch before the original is stopped, with the remedy", async () => {
    const lab = await encrypted();
    lab.platform.kms.setPolicy(keyId, policyOf(root));
    denying(lab, "ListGrants");
    const story = await runIn(lab);
    expect(story.status).toBe("ROLLED_BACK");
    expect(story.evaluation.failure?.cause).toContain("Client.InternalError");
    expect(story.evaluation.failure?.cause).toContain("aws kms create-grant");
    expect(story.mutations.map(({ operation }) => operation)).not.toContain("StopInstances");
  });

  it("that throttles is asked again", async () => {
    const lab = await encrypted();
    let left = 1;
    lab.platform.cloud.faults.before(({ service }) => {
      if (service === "kms" && left-- > 0)
        throw new CloudError("ThrottlingException", "Slow down.");
    });
    const story = await runIn(lab);
    expect(story.status).toBe("SWITCHED");
    expect(verdictOf(story)?.sentence).not.toContain("Not read");
  });
});

describe("the key of the image", () => {
  it("is told where its snapshot may not be read, of a stateless load alone: another is launched from a new image", async () => {
    const stateless = await encrypted({ consistency: "stateless" });
    const stateful = await encrypted();
    for (const lab of [stateless, stateful]) {
      lab.platform.cloud.faults.before(({ operation }) => {
        if (operation === "DescribeSnapshots")
          throw new CloudError("UnauthorizedOperation", "No.", 403);
      });
    }
    const story = await runIn(stateless);
    expect(story.status).toBe("SWITCHED");
    expect(verdictOf(story)?.sentence).toMatch(
      /Not read beforehand: the key of snap-\w+ \(DescribeSnapshots/,
    );
    expect(verdictOf(await runIn(stateful))?.sentence).not.toContain("Not read");
  });

  it("is read as that of the root is", async () => {
    const lab = await encrypted({ consistency: "stateless" });
    lab.platform.kms.setPolicy(keyId, policyOf(root));
    const story = await runIn(lab);
    expect(verdictOf(story)?.reason).toBe("KEY_CLOSED_TO_SPOT");
    expect(verdictOf(story)?.sentence).toMatch(/of vol-\w+ and snap-\w+/);
  });
});

describe("an account that encrypts by default", () => {
  const byDefault = async (key?: string, options: LabOptions = {}): Promise<Lab> => {
    const lab = await createLab(options);
    if (key !== undefined) lab.platform.kms.addKey({ ...place, arn: key });
    lab.platform.ec2.control.encryptByDefault(place, key);
    // What was found when the account was verified is believed for a day.
    lab.clock.elapse(25 * 3_600_000);
    return lab;
  };

  it("under AWS's own key is nothing against a switch", async () => {
    expect((await runIn(await byDefault())).status).toBe("SWITCHED");
  });

  it.each(["stateless", "stop-and-image"] as const)(
    "under a key that is closed to Spot is found before a clone of a root that is not encrypted is launched: %s",
    async (consistency) => {
      const lab = await byDefault(keyId, { consistency });
      const story = await runIn(lab);
      expect(verdictOf(story)).toMatchObject({ kind: "REFUSE", reason: "KEY_CLOSED_TO_SPOT" });
      expect(verdictOf(story)?.sentence).toMatch(/of a copy of vol-\w+: /);
      expect(launchesOf(lab)).toBe(0);
      lab.platform.kms.grant(keyId, spotRole);
      expect((await runIn(lab)).status).toBe("SWITCHED");
    },
  );

  it("under a key that is gone is told to name another", async () => {
    const lab = await byDefault(keyId);
    lab.platform.kms.removeKey(keyId);
    const story = await runIn(lab);
    expect(verdictOf(story)?.reason).toBe("KEY_UNUSABLE");
    expect(verdictOf(story)?.sentence).toContain("aws ec2 reset-ebs-default-kms-key-id");
  });

  it("is said by verify, before anything is evaluated", async () => {
    const lab = await byDefault(keyId);
    const { body } = await lab.send("POST", `/accounts/${accountId}/verify`);
    expect(body["keys"]).toEqual([
      expect.objectContaining({
        key_id: keyId,
        status: "UNUSABLE",
        volumes: [expect.stringMatching(/^a copy of vol-/)],
      }),
    ]);
  });

  it("which may not be read is told, and refuses nothing", async () => {
    const lab = await byDefault(keyId);
    lab.platform.kms.grant(keyId, spotRole);
    lab.platform.cloud.faults.before(({ operation }) => {
      if (operation === "GetEbsEncryptionByDefault")
        throw new CloudError("UnauthorizedOperation", "No.", 403);
    });
    const story = await runIn(lab);
    expect(story.status).toBe("SWITCHED");
    expect(verdictOf(story)?.sentence).toContain("Not read beforehand: the key of a copy of vol-");
  });

  const timesAsked = async (lab: Lab): Promise<number> => {
    const from = lab.platform.cloud.journal.length;
    expect((await runIn(lab)).evaluation.verdict?.kind).toBe("STAY");
    const { journal } = lab.platform.cloud;
    return journal.slice(from).filter(({ operation }) => operation === "GetEbsEncryptionByDefault")
      .length;
  };

  it("is asked about once a day, by verify or by an evaluation, for as long as it does not", async () => {
    const lab = await createLab({ policy: { min_savings_percent: 95 } });
    expect(await timesAsked(lab)).toBe(0);
    lab.clock.elapse(25 * 3_600_000);
    expect([await timesAsked(lab), await timesAsked(lab)]).toEqual([1, 0]);
  });

  it("is asked about each time once it does, and not of a root whose key is known", async () => {
    const policy = { min_savings_percent: 95 };
    const lab = await byDefault(undefined, { policy });
    expect([await timesAsked(lab), await timesAsked(lab)]).toEqual([1, 1]);
    const known = await encrypted({ policy });
    known.clock.elapse(25 * 3_600_000);
    expect(await timesAsked(known)).toBe(0);
  });
});

describe("the way back to On-Demand", () => {
  it("asks nothing of AWS's role for Spot", async () => {
    const lab = await encrypted({ consistency: "stateless" });
    expect((await runIn(lab)).status).toBe("SWITCHED");
    lab.platform.kms.setPolicy(keyId, policyOf(root));
    const { status, body } = await lab.send("POST", `/lab/instances/${lab.targetId}/evaluate`, {
      to: "ON_DEMAND",
    });
    expect(status).toBe(202);
    const story = await lab.finish(evaluationIdSchema.parse(body["evaluation_id"]));
    expect(story.status).toBe("FELL_BACK");
  });
});

describe("a key of another account", () => {
  const foreign = `arn:aws:kms:${region}:777788889999:key/theirs`;

  it("whose policy is not shown here is told, not refused", async () => {
    const lab = await createLab({ instance: { rootEncrypted: true, kmsKeyId: foreign } });
    lab.platform.kms.setPolicy(foreign, policyOf("*"));
    const story = await runIn(lab);
    expect(story.status).toBe("SWITCHED");
    expect(verdictOf(story)?.sentence).toContain("another account's");
  });
});

it("a key is added by a scenario with the policy that KMS gives one", async () => {
  const lab = await createLab({});
  const arn = lab.platform.kms.addKey(place);
  const { rejects } = expect(
    ownersKms(lab).send(
      new CreateGrantCommand({
        KeyId: arn,
        DryRun: true,
        GranteePrincipal: spotRole,
        Operations: ["Decrypt"],
      }),
    ),
  );
  await rejects.toMatchObject({ name: "DryRunOperationException" });
});
