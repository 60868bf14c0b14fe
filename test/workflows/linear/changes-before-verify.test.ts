import type { DescribeInstancesResult, Instance } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "@jest/globals";
import type { Lab } from "../../../local/lab/contract.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import { asOwner, eachTimeItBegins, rich, whenItBegins } from "../../../local/lab/scenarios.ts";

const ways = ["stateless", "stop-and-image", "move-root-volume"] as const;
type Way = (typeof ways)[number];

const instanceOf = async (lab: Lab, instanceId: string): Promise<Instance> => {
  const answer = await asOwner(lab)("DescribeInstances", { InstanceIds: [instanceId] });
  return (answer as DescribeInstancesResult).Reservations?.[0]?.Instances?.[0] ?? {};
};

const replacementOf = (lab: Lab): string => lab.replacement()?.instanceId ?? "";

/** Of the replacement, by device index. */
const interfaceAt = async (lab: Lab, index: number) =>
  (await instanceOf(lab, replacementOf(lab))).NetworkInterfaces?.find(
    ({ Attachment }) => Attachment?.DeviceIndex === index,
  ) ?? {};

const other = "sg-0123456789abcdef0";

const setGroups = async (lab: Lab, change: (ids: readonly string[]) => readonly string[]) => {
  const { NetworkInterfaceId, Groups = [] } = await interfaceAt(lab, 0);
  const ids = Groups.map(({ GroupId }) => GroupId ?? "");
  lab.control.addSecurityGroup({ accountId, region, groupId: other });
  await asOwner(lab)("ModifyNetworkInterfaceAttribute", {
    NetworkInterfaceId,
    Groups: change(ids),
  });
};

/** Takes the Elastic IP from where it is. */
const unbind = async (lab: Lab, which: (address: Address) => boolean): Promise<void> => {
  const answer = (await asOwner(lab)("DescribeAddresses", {})) as {
    readonly Addresses?: readonly Address[];
  };
  for (const { AssociationId } of (answer.Addresses ?? []).filter(which)) {
    await asOwner(lab)("DisassociateAddress", { AssociationId });
  }
};

interface Address {
  readonly AllocationId?: string;
  readonly AssociationId?: string;
  readonly NetworkInterfaceId?: string;
  readonly PrivateIpAddress?: string;
}

const unbindAt = async (lab: Lab, index: number, primary: boolean): Promise<void> => {
  const { NetworkInterfaceId, PrivateIpAddress } = await interfaceAt(lab, index);
  await unbind(
    lab,
    (address) =>
      address.NetworkInterfaceId === NetworkInterfaceId &&
      (address.PrivateIpAddress === PrivateIpAddress) === primary,
  );
};

interface Change {
  readonly name: string;
  readonly act: (lab: Lab) => unknown;
  /** What the original has for it, besides what it has in every case. */
  readonly has?: LabOptions["instance"];
  readonly ways?: readonly Way[];
}

/** Parts that our calls brought there: they are brought once more. */
const losses: readonly Change[] = [
  { name: "its Elastic IP", act: (lab) => unbindAt(lab, 0, true) },
  {
    name: "the Elastic IP of a secondary private address",
    act: (lab) => unbindAt(lab, 0, false),
  },
  {
    name: "the Elastic IP of a secondary interface",
    has: { elasticIpOnInterfaces: true },
    act: (lab) => unbindAt(lab, 1, true),
  },
  {
    name: "its secondary private address, with the Elastic IP on it",
    act: async (lab) => {
      const { NetworkInterfaceId, PrivateIpAddresses = [] } = await interfaceAt(lab, 0);
      await asOwner(lab)("UnassignPrivateIpAddresses", {
        NetworkInterfaceId,
        PrivateIpAddresses: PrivateIpAddresses.filter(({ Primary }) => Primary !== true).map(
          ({ PrivateIpAddress }) => PrivateIpAddress,
        ),
      });
    },
  },
  {
    name: "its target group",
    act: (lab) =>
      asOwner(lab, "elasticloadbalancing")("DeregisterTargets", {
        TargetGroupArn: lab.targetGroupArn,
        Targets: [{ Id: replacementOf(lab), Port: 80 }],
      }),
  },
  {
    name: "a data volume",
    ways: ["stop-and-image", "move-root-volume"],
    act: (lab) =>
      asOwner(lab)("DetachVolume", { VolumeId: lab.watch.dataVolumeIds[0], Force: true }),
  },
  {
    name: "a secondary interface",
    act: async (lab) => {
      const { Attachment } = await interfaceAt(lab, 1);
      await asOwner(lab)("DetachNetworkInterface", { AttachmentId: Attachment?.AttachmentId });
    },
  },
];

const functions = ["linear-verify", "linear-retire-original"] as const;

const casesOf = <Each extends Change>(changes: readonly Each[]) =>
  changes.flatMap((change) =>
    (change.ways ?? ways).flatMap((way) =>
      functions.map((name) => ({ ...change, what: change.name, way, name })),
    ),
  );

describe("a part that the replacement loses after it was moved", () => {
  it.each(casesOf(losses))(
    "($way) $what, when $name begins, is moved again",
    async ({ way, name, act, has }) => {
      const instance = { ...rich[way].instance, ...has };
      const undisturbedUntil = { begins: name };
      const lab = await createLab({ ...rich[way], instance, undisturbedUntil });
      // Nobody holds what is at an interface while that moves.
      if (has !== undefined) lab.watch.excuse("replacement");
      whenItBegins(lab, name, async () => {
        lab.watch.excuse("replacement");
        await act(lab);
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      expect(story.evaluation.progress.movedAgain).toBe(1);
    },
  );

  it.each(ways)("(%s) and that its owner has deleted is not waited for", async (way) => {
    const lab = await createLab({ ...rich[way], undisturbedUntil: { begins: "linear-verify" } });
    whenItBegins(lab, "linear-verify", () => {
      lab.platform.elb.removeTargetGroup(lab.targetGroupArn ?? "");
    });
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.progress).not.toHaveProperty("movedAgain");
  });

  it.each(ways)("(%s) again and again is not moved for ever: somebody takes it", async (way) => {
    const lab = await createLab({ ...rich[way], undisturbedUntil: { begins: "linear-verify" } });
    eachTimeItBegins(lab, "linear-verify", () => unbindAt(lab, 0, true));
    lab.watch.excuse("replacement");
    const story = await lab.run();
    expect(story.evaluation.failure?.error).toBe("StaleOriginal");
    expect(story.evaluation.failure?.cause).toContain("somebody else takes it away each time");
    expect(story.status).toBe(way === "stateless" ? "ROLLED_BACK" : "NEEDS_OPERATOR");
  });
});

/** What a launch gave it, and without which nobody knows that it can serve. */
const lacks: readonly (Change & { readonly words: string })[] = [
  {
    name: "a security group",
    act: (lab) => setGroups(lab, () => [other]),
    words: "lacks what",
  },
  {
    name: "its instance profile",
    act: (lab) => {
      lab.control.reconfigureByOwner(replacementOf(lab), {
        profileArn: `arn:aws:iam::${accountId}:instance-profile/other`,
      });
    },
    words: "instance profile arn:",
  },
];

describe("what the replacement no longer has of its launch, and may need to serve", () => {
  it.each(casesOf(lacks))(
    "($way) $what, when $name begins, keeps it from being verified; nothing healthy is given up",
    async ({ way, name, act, words }) => {
      const profileArn = `arn:aws:iam::${accountId}:instance-profile/web`;
      const instance = { ...rich[way].instance, profileArn };
      const undisturbedUntil = { begins: name };
      const lab = await createLab({ ...rich[way], instance, undisturbedUntil });
      whenItBegins(lab, name, () => act(lab));
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.evaluation.failure?.error).toBe("BrokenDeadline");
      expect(story.evaluation.failure?.cause).toContain(words);
      if (way === "stateless") {
        expect(story.status).toBe("ROLLED_BACK");
      } else {
        expect(story.evaluation.outcome?.reason).toBe("REPLACEMENT_SERVES");
        expect(lab.replacement()?.state).toBe("running");
      }
    },
  );
});

/** Made by somebody since, and it serves all the same. */
const differences: readonly (Change & { readonly words: string })[] = [
  {
    name: "another security group",
    act: (lab) => setGroups(lab, (ids) => [...ids, other]),
    words: `security group ${other} is new`,
  },
  {
    name: "a tag less",
    act: (lab) =>
      asOwner(lab)("DeleteTags", { Resources: [replacementOf(lab)], Tags: [{ Key: "Name" }] }),
    words: "tag Name=web is gone",
  },
  {
    name: "a tag that is otherwise",
    act: (lab) =>
      asOwner(lab)("CreateTags", {
        Resources: [replacementOf(lab)],
        Tags: [{ Key: "Name", Value: "web-2" }],
      }),
    words: "tag Name was web and is web-2",
  },
  {
    name: "detailed monitoring",
    act: (lab) => {
      lab.control.reconfigureByOwner(replacementOf(lab), { monitoring: true });
    },
    words: "detailed monitoring was off and is on",
  },
  {
    name: "no source/destination check",
    act: async (lab) => {
      const { NetworkInterfaceId } = await interfaceAt(lab, 0);
      await asOwner(lab)("ModifyNetworkInterfaceAttribute", {
        NetworkInterfaceId,
        SourceDestCheck: { Value: false },
      });
    },
    words: "source/destination check is off",
  },
];

const told = differences.flatMap((difference) => ways.map((way) => ({ ...difference, way })));

describe("what is otherwise at the replacement", () => {
  it.each(told)("($way) $name is told, and left so", async ({ way, act, words }) => {
    const lab = await createLab({ ...rich[way], undisturbedUntil: { begins: "linear-verify" } });
    whenItBegins(lab, "linear-verify", () => act(lab));
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.progress.differences).toEqual([expect.stringContaining(words)]);
    expect(story.evaluation.outcome?.sentence).toContain(words);
  });

  it.each(ways)("(%s) is nothing where nobody has changed it", async (way) => {
    const story = await (await createLab(rich[way])).run();
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.progress).not.toHaveProperty("differences");
    expect(story.evaluation.progress).not.toHaveProperty("movedAgain");
  });
});
