export const linearTitle = "LINEAR, one EC2 instance moved from On-Demand to Spot";
