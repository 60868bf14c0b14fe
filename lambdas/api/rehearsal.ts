/**
 * What the API is given for a dry run: a table that keeps what is written to itself, and clients that pass on what only reads. A call
 * that would change something is noted and not made.
 */
import { rehearsingTable, type RehearsingTable } from "../../adapters/store/rehearsing-table.ts";
import type { ApiContext } from "./context.ts";

/** What a client's `send` is given, of any service. */
interface SdkCommand {
  readonly input: object;
  /** `[9, namespace, operation, …]`; names of classes don't outlive the bundler. */
  readonly schema?: unknown;
}

interface SdkClient {
  send(command: SdkCommand, ...rest: readonly unknown[]): unknown;
}

/** EC2 and KMS say that it is a dry run of their own. A credential of a role changes nothing. */
const readingName = /^(?:Describe|Get|List)[A-Z]|^AssumeRole$/;

const unknownOperation = "an unknown operation";

const operationOf = ({ schema }: SdkCommand): string => {
  const name: unknown = Array.isArray(schema) ? schema[2] : undefined;
  return typeof name === "string" ? name : unknownOperation;
};

const onlyReads = (command: SdkCommand): boolean =>
  readingName.test(operationOf(command)) ||
  ("DryRun" in command.input && command.input.DryRun === true);

/** Thrown in place of a call: what would be done after it depends on its answer. */
class CallOmitted extends Error {
  override readonly name = "CallOmitted";
}

const isClient = (member: unknown): member is SdkClient =>
  typeof member === "object" &&
  member !== null &&
  "send" in member &&
  typeof member.send === "function";

/** The same client, as far as it reads. */
const readingOnly = (client: SdkClient, omitted: string[]): SdkClient => {
  const send: SdkClient["send"] = (command, ...rest) => {
    if (onlyReads(command)) return client.send(command, ...rest);
    const operation = operationOf(command);
    omitted.push(operation);
    return Promise.reject(new CallOmitted(`${operation} is not called in a dry run.`));
  };
  return Object.assign(Object.create(client) as SdkClient, { send });
};

/** Every client among the members, whichever come to be there. */
const allReadingOnly = <Members extends object>(members: Members, omitted: string[]): Members =>
  Object.fromEntries(
    Object.entries(members).map(([name, member]: [string, unknown]) => [
      name,
      isClient(member) ? readingOnly(member, omitted) : member,
    ]),
  ) as Members;

export interface Rehearsal {
  readonly context: ApiContext;
  readonly table: RehearsingTable;
  /** Operations that would have been called, in their order. */
  readonly omitted: readonly string[];
}

export const rehearse = (context: ApiContext): Rehearsal => {
  const omitted: string[] = [];
  const table = rehearsingTable(context.table);
  return {
    table,
    omitted,
    context: {
      ...allReadingOnly(context, omitted),
      table,
      customer: async (account, region, sessionName) =>
        allReadingOnly(await context.customer(account, region, sessionName), omitted),
    },
  };
};
