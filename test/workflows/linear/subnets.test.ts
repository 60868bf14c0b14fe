import type { DescribeInstancesResult } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "@jest/globals";
import { loadFacts, loadOffers } from "../../../adapters/store/evaluations.ts";
import type { Egress } from "../../../local/cloud/ec2/state.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab, region } from "../../../local/lab/lab.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";

const zoneIds = (lab: Lab): readonly string[] =>
  lab.control.zones(accountId, region).map(({ id }) => id);

const zoneOfOriginal = (lab: Lab): string => lab.control.find(lab.originalId)?.zoneId ?? "";

const subnetOfOriginal = async ({ platform, originalId }: Lab): Promise<string> => {
  const { cloud } = platform;
  const { accessKeyId } = cloud.identities.addUser({ accountId, name: "administrator" });
  const found = (await cloud.call({
    service: "ec2",
    operation: "DescribeInstances",
    region,
    accessKeyId,
    input: { InstanceIds: [originalId] },
  })) as DescribeInstancesResult;
  return found.Reservations?.[0]?.Instances?.[0]?.SubnetId ?? "";
};

/** Every zone but the original's has only a subnet with that way to the internet. */
const giveOtherZones = (lab: Lab, egress: Egress): void => {
  for (const zone of zoneIds(lab).filter((id) => id !== zoneOfOriginal(lab))) {
    lab.control.removeSubnets({ accountId, region, zone });
    lab.control.addSubnet({ accountId, region, zone, egress, mapPublicIp: true });
  }
};

const rejectionsOutside = async (
  lab: Lab,
  { evaluationId }: Ending,
  zoneId: string,
): Promise<ReadonlySet<string | undefined>> => {
  const offers = (await loadOffers(lab.table, evaluationId)) ?? [];
  const elsewhere = offers.filter(
    ({ pool, rejection }) => pool.zoneId !== zoneId && rejection?.code.startsWith("TYPE_") !== true,
  );
  return new Set(elsewhere.map(({ rejection }) => rejection?.code));
};

describe("a switch and the subnets of the VPC", () => {
  it.each<Egress>(["nat", "other", "none"])(
    "stays in the zone of a public original where the others lead elsewhere: %s",
    async (egress) => {
      const lab = await createLab();
      const zoneId = zoneOfOriginal(lab);
      giveOtherZones(lab, egress);
      const story = await lab.run();
      expect(await rejectionsOutside(lab, story, zoneId)).toEqual(
        new Set(["NO_LIKE_SUBNET_IN_ZONE"]),
      );
      expect(story.status).toBe("SWITCHED");
      expect(lab.replacement()?.zoneId).toBe(zoneId);
      expect(await complaintsAbout(lab, story)).toEqual([]);
    },
  );

  it("knows how each subnet reaches the internet, and takes any zone where all are alike", async () => {
    const lab = await createLab();
    const zoneId = zoneOfOriginal(lab);
    const story = await lab.run();
    const facts = await loadFacts(lab.table, story.evaluationId);
    expect(facts?.market?.subnets.map(({ egress }) => egress)).toEqual(
      zoneIds(lab).map(() => "internet-gateway"),
    );
    expect(await rejectionsOutside(lab, story, zoneId)).not.toContain("NO_LIKE_SUBNET_IN_ZONE");
  });

  it("gives no public address to a private original, though the subnet hands them out", async () => {
    const lab = await createLab({ instance: { elasticIp: false, secondaryInterfaces: 1 } });
    const zone = zoneOfOriginal(lab);
    const subnetId = lab.control.addSubnet({ accountId, region, zone, mapPublicIp: true });
    lab.control.limitFreeAddresses(await subnetOfOriginal(lab), 0);
    const story = await lab.run();
    expect(story.status).toBe("SWITCHED");
    expect(story.intents.map(({ change }) => change)).toContainEqual(
      expect.objectContaining({ kind: "LAUNCH_INSTANCE", subnetId }),
    );
    expect(lab.replacement()?.publicIps).toEqual([]);
  });
});
