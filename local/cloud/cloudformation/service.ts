/**
 * CloudFormation, as far as the status of stacks goes: nothing is made or changed by it here. What an update does to a group, a scenario
 * does itself.
 * Sources: CloudFormation API reference, DescribeStacks, Stack (StackStatus, RootId); user guide, "CloudFormation-specific tags" for
 * those of what a stack has made.
 */
import type {
  DescribeStacksInput,
  DescribeStacksOutput,
  Stack,
  StackStatus,
} from "@aws-sdk/client-cloudformation";
import type { Clock } from "../clock.ts";
import {
  CloudError,
  type Authorization,
  type Call,
  type Handler,
  type ServiceModule,
} from "../contract.ts";
import { asksFor, stackResources, type ResourceDeclaration } from "./stack-resources.ts";

interface StackDeclaration {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  /** Default: CREATE_COMPLETE. */
  readonly status?: StackStatus;
  /** Id of the stack that it is a part of. */
  readonly rootId?: string;
}

interface StackRecord extends StackDeclaration {
  readonly id: string;
  readonly createdAt: Date;
  status: StackStatus;
}

export interface CloudFormation extends ServiceModule {
  /** Its id, an ARN. */
  addStack(declaration: StackDeclaration): string;
  /** A resource that the stack has made, whether it carries its tags or not. */
  addResource(resource: ResourceDeclaration): void;
  setStatus(stackId: string, status: StackStatus): void;
  /** As 90 days after it was deleted: CloudFormation shows it no longer. */
  forget(stackId: string): void;
}

/** Tags that CloudFormation gives to what a stack makes. */
export const tagsOfStack = (
  stackId: string,
  logicalId: string,
): Readonly<Record<string, string>> => ({
  "aws:cloudformation:stack-id": stackId,
  "aws:cloudformation:stack-name": stackId.split("/")[1] ?? "",
  "aws:cloudformation:logical-id": logicalId,
});

const isDeleted = ({ status }: StackRecord): boolean => status === "DELETE_COMPLETE";

/** The same in each run. */
const idOf = ({ accountId, region, name }: StackDeclaration, number: number): string =>
  `arn:aws:cloudformation:${region}:${accountId}:stack/${name}/00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;

const shown = (stack: StackRecord): Stack => ({
  StackId: stack.id,
  StackName: stack.name,
  StackStatus: stack.status,
  CreationTime: stack.createdAt,
  ...(stack.rootId === undefined ? {} : { RootId: stack.rootId, ParentId: stack.rootId }),
});

export const createCloudFormation = ({ clock }: { readonly clock: Clock }): CloudFormation => {
  const stacks = new Map<string, StackRecord>();
  let made = 0;

  const visibleTo = ({ caller, region }: Call): readonly StackRecord[] =>
    [...stacks.values()].filter(
      (stack) => stack.accountId === caller.accountId && stack.region === region,
    );

  /** A deleted stack is found by its id alone. */
  const named = (call: Call, name: string): StackRecord | undefined =>
    visibleTo(call).find(
      (stack) => stack.id === name || (stack.name === name && !isDeleted(stack)),
    );

  const resources = stackResources((call, name) => {
    const found = named(call, name);
    return found === undefined || isDeleted(found) ? undefined : found;
  });

  const describe: Handler<DescribeStacksInput, DescribeStacksOutput> = (call, input) => {
    const { StackName: name } = input;
    if (name === undefined) {
      return {
        Stacks: visibleTo(call)
          .filter((stack) => !isDeleted(stack))
          .map(shown),
      };
    }
    const found = named(call, name);
    if (found === undefined) {
      throw new CloudError("ValidationError", `Stack with id ${name} does not exist`);
    }
    return { Stacks: [shown(found)] };
  };

  const onStack: Authorization<DescribeStacksInput> = (call, { StackName: name = "" }) =>
    asksFor("cloudformation:DescribeStacks", named(call, name));

  const require = (stackId: string): StackRecord => {
    const stack = stacks.get(stackId);
    if (stack === undefined) throw new Error(`There is no stack ${stackId}.`);
    return stack;
  };

  return {
    service: "cloudformation",
    operations: { DescribeStacks: describe, DescribeStackResources: resources.describe },
    authorization: { DescribeStacks: onStack, DescribeStackResources: resources.authorization },
    addStack: (declaration) => {
      made += 1;
      const { status = "CREATE_COMPLETE" } = declaration;
      const id = idOf(declaration, made);
      stacks.set(id, { ...declaration, id, status, createdAt: new Date(clock.now()) });
      return id;
    },
    addResource: (resource) => {
      require(resource.stackId);
      resources.add(resource);
    },
    setStatus: (stackId, status) => {
      require(stackId).status = status;
    },
    forget: (stackId) => {
      stacks.delete(stackId);
    },
  };
};
