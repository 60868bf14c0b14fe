import { Logger } from "@aws-lambda-powertools/logger";
import { readEnvironment, starterEnvironmentSchema } from "../../runtime/environment.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { randomId, workflowClient } from "../../runtime/clients.ts";
import { runStep } from "../../runtime/step.ts";
import { sweepStep } from "./step.ts";

const environment = readEnvironment(starterEnvironmentSchema);
const context = {
  ...lambdaContext(new Logger({ serviceName: sweepStep.name })),
  sfn: workflowClient(environment.AWS_REGION),
  linearStateMachineArn: environment.LINEAR_STATE_MACHINE_ARN,
  randomId,
};

export const handler = (event: unknown): Promise<unknown> => runStep(sweepStep, context, event);
