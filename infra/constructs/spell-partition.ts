/** How cdk-nag names what the CDK knows only once the stack is deployed: partition, region, account. */
import { Stack, Token } from "aws-cdk-lib";
import type { IConstruct } from "constructs";

/** @param name as in CloudFormation's pseudo parameter: `Region` for `AWS::Region` */
export const spell = (value: string, name: "Partition" | "Region" | "AccountId"): string =>
  Token.isUnresolved(value) ? `<AWS::${name}>` : value;

export const spellPartition = (scope: IConstruct): string =>
  spell(Stack.of(scope).partition, "Partition");
