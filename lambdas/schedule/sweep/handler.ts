import { codeClient, noCustomerAccess, workflowClient } from "../../runtime/clients.ts";
import * as variables from "../../runtime/environment.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { randomId } from "../../runtime/random-id.ts";
import { runStep } from "../../runtime/step.ts";
import { sweepStep } from "./step.ts";

const environment = variables.readEnvironment(variables.sweepEnvironmentSchema);
const context = {
  ...lambdaContext(sweepStep.name, () => noCustomerAccess),
  sfn: workflowClient(environment.AWS_REGION),
  lambda: codeClient(environment.AWS_REGION),
  placeSweeperArn: environment.SWEEP_PLACE_FUNCTION_ARN,
  workflowOf: variables.workflowsOf(environment),
  randomId,
};

export const handler = (event: unknown): Promise<unknown> => runStep(sweepStep, context, event);
