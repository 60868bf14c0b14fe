/** How cdk-nag names the partition in a finding: the CDK knows it only where the stack's region is fixed. */
import { Stack, Token } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

export const spellPartition = (scope: IConstruct): string => {
  const { partition } = Stack.of(scope);
  return Token.isUnresolved(partition) ? "<AWS::Partition>" : partition;
};
