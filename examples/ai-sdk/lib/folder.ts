/** Where the bank and the chats keep what they have. In a real application: a database. */
export const workFolder = process.env.WORK_FOLDER ?? "work";
