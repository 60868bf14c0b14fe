import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  judgeEligibility,
  type EligibilityInput,
} from "../../../../core/decide/linear/eligibility.ts";
import { deploymentIdSchema } from "../../../../core/model/ids.ts";
import type { InstanceFacts } from "../../../../core/model/instance.ts";
import { sampleInstance } from "../offers/choice-samples.ts";
import {
  dataVolume,
  eligibleInput,
  labAccount,
  linearTarget,
  openPolicy,
  plainInstance,
  primaryEni,
  rootVolume,
  secondaryEni,
} from "./eligible-facts.ts";
import {
  awsTags,
  cases,
  linearCodes,
  ownTags,
  withAccount,
  withInstance,
  withMissing,
  withPolicy,
  withTags,
  withTarget,
  withType,
} from "./objection-cases.ts";

const findingsOf = (input: EligibilityInput) => {
  const judged = judgeEligibility(input);
  return judged.kind === "ELIGIBLE" ? [] : judged.objections;
};
const codesOf = (input: EligibilityInput) => findingsOf(input).map((objection) => objection.code);

describe("eligibility", () => {
  it("takes a plain On-Demand instance whose owner accepts another private address", () => {
    expect(judgeEligibility(eligibleInput)).toEqual({ kind: "ELIGIBLE" });
  });

  const deploymentId = deploymentIdSchema.parse("dpl-0123456789");
  const day = (count: number): string =>
    new Date(Date.parse(sampleInstance.launchedAt) - count * 86_400_000).toISOString();

  it.each<{ readonly what: string; readonly input: EligibilityInput }>([
    {
      what: "that our own deployment has claimed",
      input: { ...withTags({ "spot-optimizer:claim": "dpl-0123456789#4" }), deploymentId },
    },
    {
      what: "of infrastructure as code whose owner brings the state after it",
      input: withPolicy(withTags({ "aws:cloudformation:stack-name": "web" }), {
        acceptIacDrift: true,
      }),
    },
    {
      what: "with a schedule that its owner gives up",
      input: withPolicy(withTags({ Schedule: "office-hours" }), { acceptOwnerStops: true }),
    },
    { what: "that was started twice in two weeks", input: withTarget({ launchesSeen: [day(3)] }) },
  ])("takes one $what", ({ input }) => {
    expect(judgeEligibility(input)).toEqual({ kind: "ELIGIBLE" });
  });

  it("refuses one that was started three times in two weeks, naming when", () => {
    const judged = judgeEligibility(withTarget({ launchesSeen: [day(3), day(7)] }));
    expect(judged).toMatchObject({
      objections: [
        {
          code: "OWNER_STOPS_IT",
          sentence: expect.stringContaining(`(${day(7)}, ${day(3)}, `) as unknown,
        },
      ],
    });
  });

  it("has a case for every code there is", () => {
    expect(Object.keys(cases).sort()).toEqual([...linearCodes].sort());
  });

  it.each(Object.entries(cases))("finds %s, and nothing else, in its case", (code, [input]) => {
    expect(codesOf(input)).toEqual([code]);
  });

  it.each(Object.entries(cases))(
    "names in the sentence of %s the value found, and what to do",
    (_, [input, value]) => {
      const [objection] = findingsOf(input);
      expect(objection?.sentence).toContain(value);
      expect(objection?.sentence).toMatch(/[:,.] .*\.$/s);
    },
  );

  it("keeps every objection, the registration's first", () => {
    const input = { ...withInstance({ state: "stopped", productCodes: ["abc"] }) };
    expect(codesOf({ ...input, account: { ...labAccount, environment: "PROD" } })).toEqual([
      "PROD_NOT_ALLOWED",
      "INSTANCE_NOT_RUNNING",
      "PRODUCT_CODES",
    ]);
  });

  it("does not call an instance absent that was not asked for", () => {
    const input = { ...withAccount({ status: "DISABLED" }), instance: undefined, type: undefined };
    expect(codesOf(input)).toEqual(["ACCOUNT_DISABLED"]);
  });

  it("never makes an instance eligible by a further flaw", () => {
    const flaws = Object.values(cases).flatMap(([{ instance }]) => instance ?? []);
    fc.assert(
      fc.property(fc.subarray(flaws, { minLength: 1 }), (chosen) => {
        const merged = chosen.reduce<InstanceFacts>((whole, flaw) => {
          const changed = Object.entries(flaw).filter(
            ([key, value]) => plainInstance[key as keyof InstanceFacts] !== value,
          );
          return { ...whole, ...Object.fromEntries(changed) };
        }, plainInstance);
        const judged = judgeEligibility({
          ...eligibleInput,
          instance: merged,
          policy: openPolicy({ acceptChangeOf: [], consistency: "stateless" }),
        });
        expect(judged.kind).toBe("INELIGIBLE");
      }),
    );
  });
});

describe("eligibility of identity that can't move", () => {
  const both = withInstance({
    autoAssignedPublicIp: "198.51.100.7",
    networkInterfaces: [{ ...primaryEni, ipv6Count: 1 }],
  });

  it("refuses every part by default", () => {
    expect(codesOf(withPolicy(both, { acceptChangeOf: [] }))).toEqual([
      "PRIMARY_PRIVATE_IP_WOULD_CHANGE",
      "PUBLIC_IP_WOULD_CHANGE",
      "IPV6_WOULD_CHANGE",
    ]);
  });

  it("accepts only what the policy names", () => {
    expect(codesOf(withPolicy(both, { acceptChangeOf: ["primary-private-ip", "ipv6"] }))).toEqual([
      "PUBLIC_IP_WOULD_CHANGE",
    ]);
    expect(
      codesOf(withPolicy(both, { acceptChangeOf: ["primary-private-ip", "ipv6", "public-ip"] })),
    ).toEqual([]);
  });

  it("fears for no assigned public address where an Elastic IP has taken its place", () => {
    const address = { privateIp: "10.0.0.10", primary: true, allocationId: "eipalloc-1" };
    const input = withInstance({
      autoAssignedPublicIp: "198.51.100.7",
      networkInterfaces: [{ ...primaryEni, privateAddresses: [address] }],
    });
    expect(codesOf(input)).toEqual([]);
  });

  it("lets a secondary interface take its IPv6 addresses along", () => {
    const input = withInstance({
      networkInterfaces: [primaryEni, { ...secondaryEni, ipv6Count: 3 }],
    });
    expect(codesOf(input)).toEqual([]);
  });
});

describe("eligibility where policy or history decides", () => {
  it.each([
    [
      "PROD, if allowed, with a proof",
      withPolicy(withAccount({ environment: "PROD" }), {
        allowProdLinear: true,
        proof: [{ kind: "target-groups" }],
      }),
    ],
    [
      "PROD, if allowed, unproved as its owner wants",
      withPolicy(withAccount({ environment: "PROD" }), {
        allowProdLinear: true,
        acceptUnproved: true,
      }),
    ],
    [
      "data volumes that are carried",
      withPolicy(withInstance({ volumes: [rootVolume, dataVolume] }), {
        consistency: "move-volumes",
      }),
    ],
    ["a lost image that is not needed", withInstance({ imageExists: false })],
    [
      "our own target's replacement, if On-Demand",
      withTags({ ManagedBy: "SpotOptimizer", "spot-optimizer:target": linearTarget.targetId }),
    ],
  ])("takes %s", (_, input) => {
    expect(codesOf(input)).toEqual([]);
  });
});

describe("eligibility by where an original is to start", () => {
  const own = "arn:aws:resource-groups:us-east-1:1:group/spot-optimizer-dpl-1-";
  it.each([
    [{}, []],
    [{ preference: "open" }, []],
    [{ preference: "none" }, []],
    // An earlier roll-back has started it there.
    [{ groupArn: `${own}${sampleInstance.instanceId}` }, []],
    [{ groupArn: `${own}i-0other` }, ["CAPACITY_RESERVATION"]],
    [{ groupArn: "arn:aws:resource-groups:us-east-1:1:group/ours" }, ["CAPACITY_RESERVATION"]],
    [{ reservationId: "cr-1" }, ["CAPACITY_RESERVATION"]],
    [{ preference: "capacity-reservations-only" }, ["CAPACITY_RESERVATION"]],
  ])("%j", (capacityChoice, codes) => {
    expect(codesOf(withInstance({ capacityChoice }))).toEqual(codes);
  });
});

describe("room for our tags", () => {
  const onRoot = (tags: Readonly<Record<string, string>>) =>
    withInstance({ volumes: [{ ...rootVolume, tags }] });
  const onPrimary = (tags: Readonly<Record<string, string>>) =>
    withInstance({ networkInterfaces: [{ ...primaryEni, tags }] });

  it.each([
    ["as many as fit", withTags(ownTags(44)), []],
    ["AWS's own, which don't count", withTags({ ...ownTags(44), ...awsTags(20) }), []],
    ["one too many on the instance", withTags(ownTags(45)), ["TOO_MANY_TAGS"]],
    ["as many as fit on the root volume", onRoot(ownTags(46)), []],
    ["one too many on the root volume", onRoot(ownTags(47)), ["TOO_MANY_TAGS"]],
    ["as many as fit on the primary interface", onPrimary(ownTags(46)), []],
    ["one too many on the primary interface", onPrimary(ownTags(47)), ["TOO_MANY_TAGS"]],
  ])("%s", (_what, input, codes) => {
    expect(codesOf({ ...input, launch: {} })).toEqual(codes);
  });

  it("is not looked at in records from before it was", () => {
    expect(codesOf(withTags(ownTags(50)))).toEqual([]);
  });
});

describe("eligibility by what was found", () => {
  it.each(["nitro", "xen"])(
    "takes a type's instance store for used, mapped or not: %s",
    (hypervisor) => {
      expect(codesOf(withType({ hypervisor, instanceStoreGb: 75 }))).toEqual([
        "INSTANCE_STORE_IN_USE",
      ]);
    },
  );

  it.each([
    ["nitro", 0, ["/dev/sdb"], ["INSTANCE_STORE_IN_USE"]],
    ["nitro", 75, [], ["INSTANCE_STORE_IN_USE"]],
    ["xen", 75, ["/dev/sdb"], ["INSTANCE_STORE_IN_USE"]],
    ["xen", 75, [], []],
  ])(
    "judges an older record as it was judged: %s, %s GB, %j",
    (hypervisor, instanceStoreGb, devices, codes) => {
      const { type } = withType({ hypervisor, instanceStoreGb });
      expect(codesOf({ ...withInstance({ instanceStoreDevices: devices }), type })).toEqual(codes);
    },
  );

  it("asks to verify an account that never was", () => {
    expect(findingsOf(withAccount({ status: "PENDING" }))).toEqual([
      {
        code: "ACCOUNT_DISABLED",
        sentence: "Account 123456789012 (Shop) is PENDING: verify it once.",
      },
    ]);
  });

  it("names Kubernetes before the Auto Scaling group that carries the node", () => {
    const tags = { "aws:autoscaling:groupName": "ng", "kubernetes.io/cluster/blue": "owned" };
    expect(codesOf(withTags(tags))).toEqual(["EKS_NODE", "IN_AUTO_SCALING_GROUP"]);
  });

  it.each([
    ["Linux/UNIX", []],
    ["Windows", []],
    ["SUSE Linux", []],
    ["Red Hat Enterprise Linux", []],
    ["Red Hat Enterprise Linux with HA", ["PLATFORM_WITHOUT_SPOT_PRODUCT"]],
    ["Red Hat BYOL Linux", ["PLATFORM_WITHOUT_SPOT_PRODUCT"]],
    ["SQL Server Web", ["PLATFORM_WITHOUT_SPOT_PRODUCT"]],
    ["Ubuntu Pro", ["PLATFORM_WITHOUT_SPOT_PRODUCT"]],
    ["Windows BYOL", ["PLATFORM_WITHOUT_SPOT_PRODUCT"]],
  ])("knows whether Spot sells %s", (platformDetails, codes) => {
    expect(codesOf(withInstance({ platformDetails }))).toEqual(codes);
  });
});

describe("a permission that is known to be missing", () => {
  const missing = withMissing("linear", "ec2:AttachVolume");
  const inShadow = { ...linearTarget, isShadowMode: true };

  it.each<[string, EligibilityInput, readonly string[]]>([
    ["keeps from a switch", missing, ["PERMISSION_MISSING"]],
    ["of reading, too", withMissing("read", "ec2:DescribeVolumes"), ["PERMISSION_MISSING"]],
    ["not from a verdict in shadow mode", { ...missing, target: inShadow }, []],
    ["not in another region", withMissing("linear", "ec2:AttachVolume", ["eu-west-1"]), []],
    ["not of a part that the mode does not need", withMissing("cluster", "x:Y"), []],
    ["not of the fallback", withMissing("on-demand-fallback", "ec2:RunInstances"), []],
  ])("%s", (_what, input, codes) => {
    expect(codesOf(input)).toEqual(codes);
  });

  it("of the fallback keeps from a way back, and names the option", () => {
    const input = withMissing("on-demand-fallback", "ec2:RunInstances");
    const found = findingsOf({ ...input, kind: "FALL_BACK" });
    expect(found.find(({ code }) => code === "PERMISSION_MISSING")?.sentence).toContain(
      "AllowOnDemandFallback=true",
    );
  });

  it("is named with the commands that mend it", () => {
    const [found] = findingsOf(missing);
    for (const words of ["role-template", "aws cloudformation deploy", "/verify"]) {
      expect(found?.sentence).toContain(words);
    }
  });
});
