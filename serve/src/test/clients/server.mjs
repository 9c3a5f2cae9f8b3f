// The server that the clients ask: `prompt-embeds serve --model examples/models/tiny-chat`.
export const baseURL = process.env.BASE_URL ?? "http://localhost:8000/v1";
export const apiKey = process.env.API_KEY ?? "none";
export const model = process.env.MODEL ?? "tiny-chat";
export const question = "Please tell me about the capital of France.";
export const cities = ["Paris", "Rome"];
