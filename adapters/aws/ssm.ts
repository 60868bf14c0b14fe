/** Systems Manager: runs a document on one instance, and says how that ended. What a command prints is never read. */
import {
  DescribeDocumentCommand,
  DescribeInstanceInformationCommand,
  ListCommandInvocationsCommand,
  SendCommandCommand,
  type CommandInvocation,
  type InstanceInformation,
  type ListCommandInvocationsCommandOutput,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import type { CommandEnd, DocumentFacts } from "../../core/model/command.ts";
import { acted, type Acted } from "./acted.ts";
import { bareCode } from "./error-codes.ts";
import { orAbsent } from "./or-absent.ts";
import { readAllPages } from "./paging.ts";
import { required } from "./required.ts";
import { callAws, expectRefusal, requestIdOf } from "./translate-error.ts";

export interface CommandOrder {
  /** Name of the document; its default version runs, with its own values for all parameters. */
  readonly document: string;
  readonly instanceId: string;
  /** Not delivered within it, it never runs. At least 30. */
  readonly seconds: number;
  /** By which the command is found again: SendCommand takes no client token. At most 100 characters. */
  readonly comment: string;
}

export type Sent =
  | (Acted & { readonly kind: "SENT"; readonly commandId: string })
  /** Nothing was sent: its agent has not registered, or has ended. The message is AWS's. */
  | (Acted & { readonly kind: "NOT_MANAGED"; readonly message: string });

const isNotManaged = (code: string): boolean => bareCode(code) === "InvalidInstanceId";

/**
 * Not idempotent: each call that is answered by an id has made a command of its own. The client must not send it twice by
 * itself (`ssmClient`).
 */
export const sendCommand = async (ssm: SSMClient, order: CommandOrder): Promise<Sent> => {
  const { document, instanceId, seconds, comment } = order;
  try {
    const answer = await callAws(
      { action: "SendCommand", resource: `${document} on ${instanceId}` },
      () =>
        ssm.send(
          new SendCommandCommand({
            DocumentName: document,
            InstanceIds: [instanceId],
            TimeoutSeconds: seconds,
            Comment: comment,
          }),
        ),
    );
    const commandId = required(answer.Command?.CommandId, `the id of the command on ${instanceId}`);
    return { kind: "SENT", commandId, ...acted(answer) };
  } catch (error) {
    const { error: refusal } = expectRefusal(error, isNotManaged);
    return { kind: "NOT_MANAGED", message: refusal.message, requestId: requestIdOf(refusal) };
  }
};

/** With the steps: a document may have several, of which GetCommandInvocation would have to be told one by its name. */
const readInvocations = async (
  ssm: SSMClient,
  asked: { readonly instanceId: string; readonly commandId?: string; readonly after?: string },
): Promise<readonly CommandInvocation[]> => {
  const { instanceId, commandId, after } = asked;
  const found = await orAbsent(
    () =>
      readAllPages<ListCommandInvocationsCommandOutput, CommandInvocation>({
        fetch: (token) =>
          callAws({ action: "ListCommandInvocations", resource: instanceId }, () =>
            ssm.send(
              new ListCommandInvocationsCommand({
                InstanceId: instanceId,
                Details: true,
                NextToken: token,
                ...(commandId === undefined ? {} : { CommandId: commandId }),
                ...(after === undefined
                  ? {}
                  : { Filters: [{ key: "InvokedAfter", value: after }] }),
              }),
            ),
          ),
        items: (page) => page.CommandInvocations,
        next: (page) => page.NextToken,
      }),
    // An id that SSM has just given out may not be known here yet.
    (code) => bareCode(code) === "InvalidCommandId",
  );
  return found ?? [];
};

/**
 * Id of the command with that comment; undefined while SSM does not show one, which is not to say that there is none.
 * @param after ISO 8601; the filter takes whole seconds
 */
export const findCommand = async (
  ssm: SSMClient,
  asked: { readonly instanceId: string; readonly comment: string; readonly after: string },
): Promise<string | undefined> => {
  const after = `${asked.after.slice(0, 19)}Z`;
  const all = await readInvocations(ssm, { instanceId: asked.instanceId, after });
  return all.find(({ Comment }) => Comment === asked.comment)?.CommandId;
};

/** API reference, CommandInvocation: the others are terminal. */
const unended: ReadonlySet<string> = new Set(["Pending", "InProgress", "Delayed", "Cancelling"]);

const exitCodeOf = ({ CommandPlugins: steps = [] }: CommandInvocation): number | undefined => {
  const codes = steps.flatMap(({ ResponseCode: code }) => code ?? []).filter((code) => code >= 0);
  return codes.find((code) => code !== 0) ?? codes.at(-1);
};

export type CommandReading =
  { readonly kind: "RUNNING"; readonly status: string } | ({ readonly kind: "ENDED" } & CommandEnd);

/** Undefined: SSM does not show it yet. A status that we do not know is not success. */
export const readCommand = async (
  ssm: SSMClient,
  { commandId, instanceId }: { readonly commandId: string; readonly instanceId: string },
): Promise<CommandReading | undefined> => {
  const all = await readInvocations(ssm, { commandId, instanceId });
  const found = all.find((each) => each.CommandId === commandId);
  if (found?.Status === undefined) return undefined;
  const status = found.StatusDetails ?? found.Status;
  if (unended.has(found.Status)) return { kind: "RUNNING", status };
  const exitCode = exitCodeOf(found);
  return {
    kind: "ENDED",
    status,
    hasSucceeded: found.Status === "Success",
    ...(exitCode === undefined ? {} : { exitCode }),
  };
};

/** Undefined where SSM does not manage the instance. */
const readInformation = async (
  ssm: SSMClient,
  instanceId: string,
): Promise<InstanceInformation | undefined> => {
  const about = { action: "DescribeInstanceInformation", resource: instanceId };
  const answer = await callAws(about, () =>
    ssm.send(
      new DescribeInstanceInformationCommand({
        Filters: [{ Key: "InstanceIds", Values: [instanceId] }],
      }),
    ),
  );
  return answer.InstanceInformationList?.find(({ InstanceId }) => InstanceId === instanceId);
};

/** `Online`, `ConnectionLost`, `Inactive`; undefined where SSM does not manage the instance. */
export const readPingStatus = async (
  ssm: SSMClient,
  instanceId: string,
): Promise<string | undefined> => (await readInformation(ssm, instanceId))?.PingStatus;

/** What a Windows guest has behind its name where it has joined no domain †. */
const workgroup = /^workgroup$/i;

/**
 * The directory domain of a Windows guest, from the full host name that its agent reports (API reference, InstanceInformation,
 * `ComputerName`). Undefined where it has joined none, or where SSM does not manage it: then nobody can tell from outside.
 */
export const readDirectoryDomain = async (
  ssm: SSMClient,
  instanceId: string,
): Promise<string | undefined> => {
  const { ComputerName: name = "" } = (await readInformation(ssm, instanceId)) ?? {};
  const dot = name.indexOf(".");
  const domain = dot < 0 ? "" : name.slice(dot + 1);
  return domain === "" || workgroup.test(domain) ? undefined : domain;
};

export const readDocument = async (ssm: SSMClient, name: string): Promise<DocumentFacts> => {
  const found = await orAbsent(
    () =>
      callAws({ action: "DescribeDocument", resource: name }, () =>
        ssm.send(new DescribeDocumentCommand({ Name: name })),
      ),
    (code) => bareCode(code) === "InvalidDocument",
  );
  const { Status: status, DocumentType: type, Parameters: parameters = [] } = found?.Document ?? {};
  const isThere = found?.Document !== undefined;
  return {
    name,
    ...(isThere ? { status: status ?? "unknown", type: type ?? "unknown" } : {}),
    requiredParameters: parameters
      .filter(({ DefaultValue }) => DefaultValue === undefined)
      .map(({ Name = "" }) => Name),
  };
};
