/** The CDK app: one stack per stage, checked by cdk-nag as it is synthesised. */
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { readConfig } from "./config.ts";
import { SpotOptimizerStack } from "./stack.ts";

const config = readConfig(process.env);
const app = new App();
new SpotOptimizerStack(app, `SpotOptimizer-${config.STAGE}`, { config, bundles: "dist/lambdas" });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
app.synth();
