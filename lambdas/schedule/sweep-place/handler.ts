import { noCustomerAccess, workflowClient } from "../../runtime/clients.ts";
import * as variables from "../../runtime/environment.ts";
import { lambdaContext } from "../../runtime/make-handler.ts";
import { randomId } from "../../runtime/random-id.ts";
import { runStep } from "../../runtime/step.ts";
import { sweepPlaceStep } from "./step.ts";

const environment = variables.readEnvironment(variables.starterEnvironmentSchema);
const context = {
  ...lambdaContext(sweepPlaceStep.name, () => noCustomerAccess),
  sfn: workflowClient(environment.AWS_REGION),
  workflowOf: variables.workflowsOf(environment),
  randomId,
};

export const handler = (event: unknown): Promise<unknown> =>
  runStep(sweepPlaceStep, context, event);
