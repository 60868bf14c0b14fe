/** Which instances clients of a load are sent to, as the owner of the account sees it. */
import type { DescribeTargetHealthOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { LabAccount } from "./account.ts";
import type { Lab } from "./contract.ts";

type Targets = NonNullable<DescribeTargetHealthOutput["TargetHealthDescriptions"]>;

/** What the owner of the account sees of a target group. */
const readTargets =
  ({ platform, region }: LabAccount, accessKeyId: string) =>
  async (arn: string): Promise<Targets> => {
    const answer = (await platform.cloud.call({
      service: "elasticloadbalancing",
      operation: "DescribeTargetHealth",
      region,
      accessKeyId,
      input: { TargetGroupArn: arn },
    })) as DescribeTargetHealthOutput;
    return answer.TargetHealthDescriptions ?? [];
  };

export const trafficIn = (
  account: LabAccount,
  targetGroupArn: string | undefined,
): Pick<Lab, "membersOf" | "healthOf"> => {
  const owner = account.platform.cloud.identities.addUser({
    accountId: account.accountId,
    name: "owner",
  });
  const targets = readTargets(account, owner.accessKeyId);
  return {
    membersOf: async (arn) =>
      (await targets(arn))
        .filter(({ TargetHealth: health }) => health?.State !== "draining")
        .map(({ Target: target }) => target?.Id ?? ""),
    healthOf: async (instanceId) => {
      if (targetGroupArn === undefined) return undefined;
      const all = await targets(targetGroupArn);
      return all.find(({ Target: target }) => target?.Id === instanceId)?.TargetHealth?.State;
    },
  };
};
