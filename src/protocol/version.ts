/** Product version; a test holds it equal to package.json. Part of every manifest. */
export const ballastVersion = '0.1.0';
