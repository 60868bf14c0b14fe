/** Systems Manager, as far as running a document on one instance goes: the API, and set-up. With parameters that name images. */
import type {
  CommandInvocation,
  DescribeDocumentRequest,
  DescribeDocumentResult,
  DescribeInstanceInformationRequest,
  DescribeInstanceInformationResult,
  ListCommandInvocationsRequest,
  ListCommandInvocationsResult,
  SendCommandRequest,
  SendCommandResult,
} from "@aws-sdk/client-ssm";
import { type Call, CloudError, type Handler, type ServiceModule } from "../contract.ts";
import type { Cloud } from "../dispatch.ts";
import type { Ec2Listener } from "../ec2/events.ts";
import { asked } from "../iam/asked.ts";
import type { Asked } from "../iam/policy.ts";
import { Agents, type InstanceDirectory } from "./agents.ts";
import { ParameterStore } from "./parameters.ts";
import { Commands, type Command, type DocumentDeclaration } from "./commands.ts";

export interface Ssm extends ServiceModule {
  /** The agent is on every instance of the account from now on, and on those that are launched later. */
  installAgents(accountId: string): void;
  /** The agent of that instance no longer answers, or answers again. */
  setSilent(instanceId: string, isSilent: boolean): void;
  /** Full host name, as the agent of a guest reports it. */
  setComputerName(instanceId: string, name: string): void;
  addDocument(document: DocumentDeclaration): void;
  readonly parameters: ParameterStore;
  /** To be told what happens to instances. */
  readonly hear: Ec2Listener;
}

/** API reference, SendCommand: `TimeoutSeconds`, `Comment`. */
const leastTimeoutSeconds = 30;
const defaultTimeoutSeconds = 3_600;
const longestComment = 100;

const invalid = (message: string): CloudError => new CloudError("ValidationException", message);

const placeOf = ({ caller: { accountId }, region }: Call) => ({ accountId, region });

class Service {
  readonly agents: Agents;
  readonly computerNames = new Map<string, string>();
  readonly #commands: Commands;
  readonly #documents: DocumentDeclaration[] = [];
  readonly #directory: InstanceDirectory;

  constructor({ clock, random }: Pick<Cloud, "clock" | "random">, directory: InstanceDirectory) {
    this.#directory = directory;
    this.agents = new Agents(clock, directory);
    this.#commands = new Commands(clock, random.fork("ssm"), this.agents);
  }

  addDocument(document: DocumentDeclaration): void {
    this.#documents.push(document);
  }

  send(call: Call, input: SendCommandRequest): SendCommandResult {
    checkOrder(input);
    const { InstanceIds: [instanceId = ""] = [], Comment: comment } = input;
    const document = this.#documentOf(call, input.DocumentName);
    checkDocument(document, input);
    const place = { ...placeOf(call), instanceId };
    if (this.agents.pingOf(place) === undefined) {
      throw new CloudError(
        "InvalidInstanceId",
        `Instances [[${instanceId}]] not in a valid state for account ${place.accountId}`,
      );
    }
    const timeoutSeconds = input.TimeoutSeconds ?? defaultTimeoutSeconds;
    const commandId = this.#commands.send(place, { document, comment, timeoutSeconds });
    return {
      Command: {
        CommandId: commandId,
        DocumentName: document.name,
        InstanceIds: [instanceId],
        Status: "Pending",
        ...(comment === undefined ? {} : { Comment: comment }),
      },
    };
  }

  list(call: Call, input: ListCommandInvocationsRequest): ListCommandInvocationsResult {
    const { CommandId: commandId, InstanceId: instanceId, Details: details = false } = input;
    if (commandId !== undefined && !this.#commands.knows(commandId)) {
      throw new CloudError("InvalidCommandId", "");
    }
    const shown = this.#commands
      .shown(placeOf(call))
      .filter((each) => commandId === undefined || each.commandId === commandId)
      .filter((each) => instanceId === undefined || each.instanceId === instanceId);
    return { CommandInvocations: shown.map((command) => this.#invocationOf(command, details)) };
  }

  information(
    call: Call,
    { Filters: filters = [] }: DescribeInstanceInformationRequest,
  ): DescribeInstanceInformationResult {
    const [{ Key: key, Values: ids = [] } = {}, ...others] = filters;
    if (key !== "InstanceIds" || others.length > 0) {
      throw invalid("The simulated cloud filters by InstanceIds alone.");
    }
    return {
      InstanceInformationList: ids.flatMap((instanceId) => {
        const ping = this.agents.pingOf({ ...placeOf(call), instanceId });
        const name = this.computerNames.get(instanceId);
        return ping === undefined
          ? []
          : [
              {
                InstanceId: instanceId,
                PingStatus: ping,
                ...(name !== undefined && { ComputerName: name }),
              },
            ];
      }),
    };
  }

  document(call: Call, { Name: asked }: DescribeDocumentRequest): DescribeDocumentResult {
    const { name, type = "Command", requiredParameters = [] } = this.#documentOf(call, asked);
    return {
      Document: {
        Name: name,
        Status: "Active",
        DocumentType: type,
        Parameters: requiredParameters.map((each) => ({ Name: each, Type: "String" })),
      },
    };
  }

  /** Tags of a document are asked for under `aws:`, those of an instance under `ssm:` (Service Authorization Reference). */
  authorize(call: Call, input: SendCommandRequest): readonly Asked[] {
    const { accountId, region } = placeOf(call);
    const document = this.#find(call, input.DocumentName);
    const documents =
      document === undefined
        ? []
        : [
            {
              arn: `arn:aws:ssm:${region}:${accountId}:document/${document.name}`,
              type: "document",
              tags: document.tags,
            },
          ];
    const instances = (input.InstanceIds ?? []).map((instanceId) => ({
      arn: `arn:aws:ec2:${region}:${accountId}:instance/${instanceId}`,
      type: "instance",
      tags: this.#directory.find({ accountId, region, instanceId })?.tags,
    }));
    return [asked("ssm:SendCommand", [...documents, ...instances])];
  }

  #find(call: Call, name: string | undefined): DocumentDeclaration | undefined {
    const { accountId, region } = placeOf(call);
    return this.#documents.find(
      (each) => each.name === name && each.accountId === accountId && each.region === region,
    );
  }

  #documentOf(call: Call, name: string | undefined): DocumentDeclaration {
    const found = this.#find(call, name);
    if (found !== undefined) return found;
    throw new CloudError("InvalidDocument", `Document ${name ?? ""} does not exist`);
  }

  #invocationOf(command: Command, details: boolean): CommandInvocation {
    const { code, ...status } = this.#commands.standingOf(command);
    const step = { Name: "step", ResponseCode: code, ...status };
    return {
      CommandId: command.commandId,
      InstanceId: command.instanceId,
      DocumentName: command.document.name,
      RequestedDateTime: new Date(command.sentAt),
      ...(command.comment === undefined ? {} : { Comment: command.comment }),
      ...status,
      // Left out unless asked for.
      CommandPlugins: details ? [{ ...step, Output: "an application's own words" }] : [],
    };
  }
}

const checkOrder = (input: SendCommandRequest): void => {
  const { InstanceIds: ids = [], Comment: comment = "" } = input;
  if (ids.length !== 1) throw invalid("The simulated cloud takes one instance for each command.");
  if ((input.TimeoutSeconds ?? defaultTimeoutSeconds) < leastTimeoutSeconds) {
    throw invalid(`TimeoutSeconds must be at least ${String(leastTimeoutSeconds)}.`);
  }
  if (comment.length > longestComment) {
    throw invalid(`Comment must have at most ${String(longestComment)} characters.`);
  }
};

const checkDocument = (document: DocumentDeclaration, { Parameters }: SendCommandRequest): void => {
  const { name, type, requiredParameters = [] } = document;
  if (type === "Automation") {
    throw new CloudError("InvalidDocument", `Document ${name} is not a Command document`);
  }
  if (requiredParameters.some((each) => Parameters?.[each] === undefined)) {
    throw new CloudError("InvalidParameters", "A required parameter is missing.");
  }
};

export const createSsm = (
  cloud: Pick<Cloud, "clock" | "random">,
  directory: InstanceDirectory,
): Ssm => {
  const service = new Service(cloud, directory);
  const send: Handler<SendCommandRequest, SendCommandResult> = (call, input) =>
    service.send(call, input);
  const list: Handler<ListCommandInvocationsRequest, ListCommandInvocationsResult> = (
    call,
    input,
  ) => service.list(call, input);
  const information: Handler<
    DescribeInstanceInformationRequest,
    DescribeInstanceInformationResult
  > = (call, input) => service.information(call, input);
  const document: Handler<DescribeDocumentRequest, DescribeDocumentResult> = (call, input) =>
    service.document(call, input);
  return {
    service: "ssm",
    operations: {
      SendCommand: send,
      ListCommandInvocations: list,
      DescribeInstanceInformation: information,
      DescribeDocument: document,
    },
    authorization: {
      SendCommand: (call: Call, input: SendCommandRequest) => service.authorize(call, input),
    },
    parameters: new ParameterStore(),
    installAgents: (accountId) => {
      service.agents.install(accountId);
    },
    setSilent: (instanceId, isSilent) => {
      service.agents.setSilent(instanceId, isSilent);
    },
    setComputerName: (instanceId, name) => {
      service.computerNames.set(instanceId, name);
    },
    addDocument: (declared) => {
      service.addDocument(declared);
    },
    hear: (event) => {
      service.agents.hear(event);
    },
  };
};
