/** Wires a step into Lambda: environment and clients once per sandbox, input at each call. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context as LambdaContext } from "aws-lambda";
import { createDynamoTable } from "../../adapters/store/dynamo-table.ts";
import { lambdaClients, tableClient } from "./clients.ts";
import { createContext, type StepContext } from "./context.ts";
import { readEnvironment, stepEnvironmentSchema } from "./environment.ts";
import { runStep, type Step } from "./step.ts";

export const lambdaContext = (logger: Logger): StepContext => {
  const environment = readEnvironment(stepEnvironmentSchema);
  const region = environment.AWS_REGION;
  return createContext({
    now: () => new Date(),
    table: createDynamoTable({
      client: tableClient(region),
      tableName: environment.TABLE_NAME,
    }),
    log: {
      info: (message, keys) => {
        logger.info(message, keys ?? {});
      },
      warn: (message, keys) => {
        logger.warn(message, keys ?? {});
      },
      error: (message, keys) => {
        logger.error(message, keys ?? {});
      },
    },
    clients: lambdaClients(region),
    // Node loads its HTTP client at the first mention of `fetch`: some 30 ms that most functions never need.
    fetch: (input, init) => fetch(input, init),
    advisorFeedUrl: environment.ADVISOR_FEED_URL,
  });
};

export const makeHandler = <Input, Output>(
  step: Step<Input, Output>,
): ((event: unknown, lambda: LambdaContext) => Promise<Output>) => {
  const logger = new Logger({ serviceName: step.name });
  const context = lambdaContext(logger);
  return (event, lambda) => {
    logger.addContext(lambda);
    logger.resetKeys();
    if (typeof event === "object" && event !== null && "evaluationId" in event) {
      logger.appendKeys({ evaluationId: event.evaluationId });
    }
    return runStep(step, context, event);
  };
};
