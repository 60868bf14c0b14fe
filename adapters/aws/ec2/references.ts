/** What a launch refers to by name, and whether it is there. */
import {
  DescribeKeyPairsCommand,
  DescribePlacementGroupsCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import type { PlacementGroupFacts } from "../../../core/model/instance.ts";
import { bareCode } from "../error-codes.ts";
import { orAbsent } from "../or-absent.ts";
import { callAws } from "../translate-error.ts";
import { withoutUndefined } from "../without-undefined.ts";

export const keyPairExists = async (ec2: EC2Client, keyName: string): Promise<boolean> => {
  const answer = await orAbsent(() =>
    callAws({ action: "DescribeKeyPairs", resource: keyName }, () =>
      ec2.send(new DescribeKeyPairsCommand({ KeyNames: [keyName] })),
    ),
  );
  return (answer?.KeyPairs ?? []).some(({ KeyName }) => KeyName === keyName);
};

const isUnknownGroup = (code: string): boolean =>
  bareCode(code) === "InvalidPlacementGroup.Unknown";

/**
 * With its strategy, where EC2 shows it. By id, where that is known: a group that another account shares is not found by its name.
 * Source: EC2 API reference, DescribePlacementGroups.
 */
export const readPlacementGroup = async (
  ec2: EC2Client,
  { name, groupId }: PlacementGroupFacts,
): Promise<PlacementGroupFacts> => {
  const answer = await orAbsent(
    () =>
      callAws({ action: "DescribePlacementGroups", resource: name }, () =>
        ec2.send(
          new DescribePlacementGroupsCommand(
            groupId === undefined ? { GroupNames: [name] } : { GroupIds: [groupId] },
          ),
        ),
      ),
    isUnknownGroup,
  );
  const found = answer?.PlacementGroups?.[0];
  return withoutUndefined({
    name,
    groupId,
    strategy: found?.Strategy,
    spreadLevel: found?.SpreadLevel,
  });
};
