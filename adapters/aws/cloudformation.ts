/** CloudFormation: how the stack stands that made a resource. */
import {
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type CloudFormationClient,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { familyOf, SpotOptimizerError } from "../../core/errors.ts";
import type { GroupStack } from "../../core/model/group.ts";
import { required } from "./required.ts";
import { callAws, wordsOf } from "./translate-error.ts";

/**
 * CloudFormation user guide, "Resource tags": CloudFormation gives these to what a stack makes. Auto Scaling shows them with the group.
 */
const idTag = "aws:cloudformation:stack-id";
const nameTag = "aws:cloudformation:stack-name";

/** CloudFormation has no code of its own for a stack that it does not have: `Stack with id … does not exist`. */
const isNoStack = (error: unknown): boolean =>
  error instanceof SpotOptimizerError &&
  error.code === "ValidationError" &&
  wordsOf(error).endsWith("does not exist");

interface OwningStack {
  readonly stackId: string;
  readonly name: string;
}

/**
 * The stack that a resource belongs to, by its id: also where it carries no tag of a stack. Undefined: it belongs to none. Source:
 * CloudFormation API reference, DescribeStackResources, PhysicalResourceId.
 */
export const readOwningStack = async (
  cloudFormation: CloudFormationClient,
  physicalId: string,
): Promise<OwningStack | undefined> => {
  try {
    const answer = await callAws({ action: "DescribeStackResources", resource: physicalId }, () =>
      cloudFormation.send(new DescribeStackResourcesCommand({ PhysicalResourceId: physicalId })),
    );
    const [found] = answer.StackResources ?? [];
    if (found === undefined) return undefined;
    const stackId = required(found.StackId, `the stack of ${physicalId}`);
    return { stackId, name: required(found.StackName, `the name of ${stackId}`) };
  } catch (error) {
    if (isNoStack(error)) return undefined;
    throw error;
  }
};

const describeStack = async (
  cloudFormation: CloudFormationClient,
  stackId: string,
): Promise<Stack | undefined> => {
  try {
    const answer = await callAws({ action: "DescribeStacks", resource: stackId }, () =>
      cloudFormation.send(new DescribeStacksCommand({ StackName: stackId })),
    );
    return answer.Stacks?.[0];
  } catch (error) {
    if (isNoStack(error)) return undefined;
    throw error;
  }
};

const factsOf = ({ StackName, StackStatus }: Stack): GroupStack => {
  const name = required(StackName, "the name of a stack");
  return { name, status: required(StackStatus, `the status of stack ${name}`) };
};

const goesOn = ({ status }: GroupStack): boolean => status?.endsWith("_IN_PROGRESS") === true;

/** An update of a stack comes to its nested ones when it comes to them: the outermost that goes on is told. */
const readBusiest = async (
  cloudFormation: CloudFormationClient,
  stackId: string,
): Promise<GroupStack | undefined> => {
  const own = await describeStack(cloudFormation, stackId);
  if (own === undefined) return undefined;
  const facts = factsOf(own);
  if (goesOn(facts) || own.RootId === undefined || own.RootId === own.StackId) return facts;
  const root = await describeStack(cloudFormation, own.RootId);
  const rootFacts = root && factsOf(root);
  return rootFacts !== undefined && goesOn(rootFacts) ? rootFacts : facts;
};

/**
 * By the tags of what it made: no call where these name none, two at most. Undefined: none made it, or CloudFormation no longer has it. One that
 * may not be read is told as such, and stops nothing.
 * @throws Retryable…
 */
export const readStackOf = async (
  cloudFormation: CloudFormationClient,
  tags: Readonly<Record<string, string>>,
): Promise<GroupStack | undefined> => {
  const { [idTag]: stackId, [nameTag]: name } = tags;
  if (stackId === undefined) return undefined;
  try {
    return await readBusiest(cloudFormation, stackId);
  } catch (error) {
    if (!(error instanceof SpotOptimizerError) || familyOf(error) === "Retryable") throw error;
    return { name: name ?? stackId, unread: error.message.replace(/\.$/, "") };
  }
};
