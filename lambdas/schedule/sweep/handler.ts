import { randomBytes } from "node:crypto";
import { Logger } from "@aws-lambda-powertools/logger";
import { workflowClient } from "../../runtime/clients.ts";
import { readEnvironment, starterEnvironmentSchema } from "../../runtime/environment.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { base32Id } from "../../runtime/random-id.ts";
import { runStep } from "../../runtime/step.ts";
import { sweepStep } from "./step.ts";

const environment = readEnvironment(starterEnvironmentSchema);
const context = {
  ...lambdaContext(new Logger({ serviceName: sweepStep.name })),
  sfn: workflowClient(environment.AWS_REGION),
  linearStateMachineArn: environment.LINEAR_STATE_MACHINE_ARN,
  randomId: () => base32Id(randomBytes),
};

export const handler = (event: unknown): Promise<unknown> => runStep(sweepStep, context, event);
