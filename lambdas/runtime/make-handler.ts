/** Wires a step into Lambda: environment and clients once per sandbox, input at each call. */
import { connectTcp } from "../../adapters/tcp.ts";
import { createDynamoTable } from "../../adapters/store/dynamo-table.ts";
import { tableClient, type FunctionParts } from "./clients.ts";
import type { ClientName, ClientsFor, CommonContext, StepContext } from "./context.ts";
import { readEnvironment, stepEnvironmentSchema } from "./environment.ts";
import { lambdaLog, type Log } from "./log.ts";
import { runStep, type Step } from "./step.ts";

const common = (log: Log): CommonContext & { readonly region: string } => {
  const environment = readEnvironment(stepEnvironmentSchema);
  const region = environment.AWS_REGION;
  return {
    region,
    now: () => new Date(),
    pause: (milliseconds) =>
      new Promise((resolve) => {
        setTimeout(resolve, milliseconds);
      }),
    table: createDynamoTable({
      client: tableClient(region),
      tableName: environment.TABLE_NAME,
    }),
    log,
    // Node loads its HTTP client at the first mention of `fetch`: some 30 ms that most functions never need.
    fetch: (input, init) => fetch(input, init),
    connect: connectTcp,
    advisorFeedUrl: environment.ADVISOR_FEED_URL,
  };
};

/** Clients by the names that a step gives. */
export type MakeClients<Name extends ClientName> = (parts: FunctionParts) => ClientsFor<Name>;

export const lambdaContext = <Name extends ClientName>(
  service: string,
  makeClients: MakeClients<Name>,
): StepContext<Name> => {
  const { region, ...context } = common(lambdaLog({ service }));
  return { ...context, ...makeClients({ region, now: context.now }) };
};

/** Which evaluation an event is about stands in each line of its log. */
const logFor = (service: string, event: unknown): Log => {
  const isNamed = typeof event === "object" && event !== null && "evaluationId" in event;
  const evaluationId = isNamed ? event.evaluationId : undefined;
  return lambdaLog({ service, ...(typeof evaluationId === "string" ? { evaluationId } : {}) });
};

export const makeHandler = <Input, Output, Name extends ClientName = never>(
  step: Step<Input, Output, StepContext<Name>>,
  makeClients: MakeClients<Name>,
): ((event: unknown) => Promise<Output>) => {
  const context = lambdaContext(step.name, makeClients);
  return (event) => runStep(step, { ...context, log: logFor(step.name, event) }, event);
};
