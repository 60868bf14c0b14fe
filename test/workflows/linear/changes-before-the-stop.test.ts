import { describe, expect, it } from "@jest/globals";
import { enrolTag } from "../../../core/model/tags.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { actionsOf, asOwner, at, stepsOf } from "../../../local/lab/scenarios.ts";

const ways = {
  stateless: { consistency: "stateless", targetGroup: true },
  "stop-and-image": {
    consistency: "stop-and-image",
    targetGroup: true,
    instance: { dataVolumes: [{ sizeGib: 20 }] },
  },
} as const satisfies Readonly<Record<string, LabOptions>>;

const primaryInterfaceOf = async (lab: Lab): Promise<string> => {
  const answer = (await asOwner(lab)("DescribeInstances", { InstanceIds: [lab.originalId] })) as {
    readonly Reservations?: readonly {
      readonly Instances?: readonly {
        readonly NetworkInterfaces?: readonly { readonly NetworkInterfaceId?: string }[];
      }[];
    }[];
  };
  const [found] = answer.Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces ?? [];
  return found?.NetworkInterfaceId ?? "";
};

interface Change {
  readonly name: string;
  readonly act: (lab: Lab) => unknown;
  /** What the record says of it. */
  readonly words: string;
  /** The owner's doing moved it, so that it is not as it was. */
  readonly excuses?: true;
}

const changes: readonly Change[] = [
  {
    name: "joins a target group",
    act: (lab) => {
      const vpcId =
        lab.control.directory.find({ accountId, region, instanceId: lab.originalId })?.vpcId ?? "";
      const { elb } = lab.platform;
      const arn = elb.addTargetGroup({ accountId, region, name: "late", vpcId, port: 8080 });
      elb.addTarget({ arn, instanceId: lab.originalId });
    },
    words: "is new",
  },
  {
    name: "leaves its target group",
    act: (lab) =>
      asOwner(lab, "elasticloadbalancing")("DeregisterTargets", {
        TargetGroupArn: lab.targetGroupArn,
        Targets: [{ Id: lab.originalId, Port: 80 }],
      }),
    words: "is gone",
    excuses: true,
  },
  {
    name: "gets another security group",
    act: async (lab) => {
      const groupId = "sg-0123456789abcdef0";
      lab.control.addSecurityGroup({ accountId, region, groupId });
      return asOwner(lab)("ModifyNetworkInterfaceAttribute", {
        NetworkInterfaceId: await primaryInterfaceOf(lab),
        Groups: [groupId],
      });
    },
    words: "security group sg-0123456789abcdef0",
  },
  {
    name: "is taken out of the enrolment",
    act: async (lab) =>
      asOwner(lab)("DeleteTags", {
        Resources: [await primaryInterfaceOf(lab)],
        Tags: [{ Key: enrolTag.key }],
      }),
    words: "lacks the tag of enrolment",
  },
  {
    name: "is made a router",
    act: async (lab) =>
      asOwner(lab)("ModifyNetworkInterfaceAttribute", {
        NetworkInterfaceId: await primaryInterfaceOf(lab),
        SourceDestCheck: { Value: false },
      }),
    words: "source/destination check",
  },
  {
    name: "gets another instance profile",
    act: (lab) => {
      lab.control.reconfigureByOwner(lab.originalId, {
        profileArn: `arn:aws:iam::${accountId}:instance-profile/other`,
      });
    },
    words: "instance profile was",
  },
  {
    name: "is monitored in detail",
    act: (lab) => {
      lab.control.reconfigureByOwner(lab.originalId, { monitoring: true });
    },
    words: "detailed monitoring was off and is on",
  },
  {
    name: "is tagged",
    act: (lab) =>
      asOwner(lab)("CreateTags", {
        Resources: [lab.originalId],
        Tags: [{ Key: "keep-off", Value: "yes" }],
      }),
    words: "tag keep-off=yes is new",
  },
  {
    name: "is protected from a stop",
    act: (lab) =>
      asOwner(lab)("ModifyInstanceAttribute", {
        InstanceId: lab.originalId,
        DisableApiStop: { Value: true },
      }),
    words: "stop protection",
  },
];

const cases = await Promise.all(
  (["stateless", "stop-and-image"] as const).map(async (way) => {
    const steps = await stepsOf(ways[way]);
    const last = steps.findIndex(({ operation }) => operation === "RunInstances");
    return steps
      .slice(0, last + 1)
      .flatMap((step) =>
        (["before", "after"] as const).flatMap((when) =>
          changes.map((change) => ({ way, when, ...step, ...change })),
        ),
      );
  }),
);

describe("what the owner changes between the verdict and the stop", () => {
  it.each(cases.flat())(
    "$way: original that $name $when $operation is left as it is, without a downtime",
    async ({ way, nth, when, act, words, excuses }) => {
      const lab = await createLab({ ...ways[way], undisturbedUntil: { change: nth } });
      at(
        lab,
        { nth },
        {
          when,
          what: async () => {
            await act(lab);
          },
        },
      );
      if (excuses === true) lab.watch.excuse("original");
      const story = await lab.run();
      if (excuses !== true) expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("ROLLED_BACK");
      expect(story.evaluation.failure?.error).toBe("StaleOriginal");
      expect(story.evaluation.failure?.cause).toContain(words);
      for (const action of ["StopInstances", "RegisterTargets", "AssociateAddress"]) {
        expect(actionsOf(story)).not.toContain(action);
      }
      expect(story.evaluation.downtimeSeconds).toBeUndefined();
      expect(story.orphans).toEqual([]);
    },
  );
});
