/** What stacks have made, as a scenario says: found by a resource's id. Source: CloudFormation API reference, DescribeStackResources. */
import type {
  DescribeStackResourcesInput,
  DescribeStackResourcesOutput,
} from "@aws-sdk/client-cloudformation";
import { CloudError, type Authorization, type Call, type Handler } from "../contract.ts";
import { asked } from "../iam/asked.ts";
import type { Asked } from "../iam/policy.ts";

export interface ResourceDeclaration {
  readonly stackId: string;
  /** `vol-…` */
  readonly physicalId: string;
  /** `AWS::EC2::Volume` */
  readonly type: string;
}

interface StackFound {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

type FindStack = (call: Call, name: string) => StackFound | undefined;

export const asksFor = (action: string, found: StackFound | undefined): readonly Asked[] => [
  asked(action, found === undefined ? [] : [{ arn: found.id, type: "stack" }]),
];

/** @param find the caller's living stack of a name or an id */
export const stackResources = (find: FindStack) => {
  const resources: ResourceDeclaration[] = [];

  const stackOf = (call: Call, input: DescribeStackResourcesInput): StackFound | undefined => {
    const { StackName: name, PhysicalResourceId: physicalId } = input;
    const made = resources.find((each) => each.physicalId === physicalId);
    const asksBy = name ?? made?.stackId;
    return asksBy === undefined ? undefined : find(call, asksBy);
  };

  /** With all that the stack has made, as CloudFormation answers. */
  const describe: Handler<DescribeStackResourcesInput, DescribeStackResourcesOutput> = (
    call,
    input,
  ) => {
    const found = stackOf(call, input);
    if (found === undefined) {
      const named = input.StackName ?? input.PhysicalResourceId ?? "";
      throw new CloudError("ValidationError", `Stack for ${named} does not exist`);
    }
    const made = resources.filter((each) => each.stackId === found.id);
    return {
      StackResources: made.map((each, index) => ({
        StackName: found.name,
        StackId: found.id,
        LogicalResourceId: `Resource${String(index)}`,
        PhysicalResourceId: each.physicalId,
        ResourceType: each.type,
        Timestamp: found.createdAt,
        ResourceStatus: "CREATE_COMPLETE",
      })),
    };
  };

  const authorization: Authorization<DescribeStackResourcesInput> = (call, input) =>
    asksFor("cloudformation:DescribeStackResources", stackOf(call, input));

  return {
    add: (resource: ResourceDeclaration): void => {
      resources.push(resource);
    },
    describe,
    authorization,
  };
};
