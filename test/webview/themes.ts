/** What VS Code sets on a page, for four of its themes (values of Light Modern, Dark Modern and the two high-contrast themes). */
export interface Theme {
  readonly kind: 'vscode-light' | 'vscode-dark' | 'vscode-high-contrast' | 'vscode-high-contrast-light';
  readonly variables: Readonly<Record<string, string>>;
}

const shared = { 'font-family': '"DejaVu Sans", sans-serif', 'font-size': '13px' };

export const themes: Readonly<Record<'light' | 'dark' | 'highContrastDark' | 'highContrastLight', Theme>> = {
  light: {
    kind: 'vscode-light',
    variables: {
      ...shared,
      foreground: '#3b3b3b',
      'editor-foreground': '#3b3b3b',
      'editor-background': '#ffffff',
      descriptionForeground: '#3b3b3b',
      focusBorder: '#005fb8',
      'panel-border': '#e5e5e5',
      'button-secondaryForeground': '#3b3b3b',
      'button-secondaryBackground': '#e5e5e5',
      'button-secondaryHoverBackground': '#cccccc',
      'charts-lines': '#3b3b3b80',
      'charts-red': '#e51400',
      'charts-blue': '#0063d3',
      'charts-green': '#388a34',
      'charts-purple': '#652d90',
    },
  },
  dark: {
    kind: 'vscode-dark',
    variables: {
      ...shared,
      foreground: '#cccccc',
      'editor-foreground': '#cccccc',
      'editor-background': '#1f1f1f',
      descriptionForeground: '#9d9d9d',
      focusBorder: '#0078d4',
      'panel-border': '#2b2b2b',
      'button-secondaryForeground': '#cccccc',
      'button-secondaryBackground': '#313131',
      'button-secondaryHoverBackground': '#3c3c3c',
      'charts-lines': '#cccccc80',
      'charts-red': '#f14c4c',
      'charts-blue': '#59a4f9',
      'charts-green': '#89d185',
      'charts-purple': '#b180d7',
    },
  },
  highContrastDark: {
    kind: 'vscode-high-contrast',
    variables: {
      ...shared,
      foreground: '#ffffff',
      'editor-foreground': '#ffffff',
      'editor-background': '#000000',
      descriptionForeground: '#ffffffb3',
      focusBorder: '#f38518',
      contrastBorder: '#6fc3df',
      'panel-border': '#6fc3df',
      'button-secondaryForeground': '#ffffff',
      'charts-lines': '#ffffff80',
      'charts-red': '#f14c4c',
      'charts-blue': '#59a4f9',
      'charts-green': '#89d185',
      'charts-purple': '#b180d7',
    },
  },
  highContrastLight: {
    kind: 'vscode-high-contrast-light',
    variables: {
      ...shared,
      foreground: '#292929',
      'editor-foreground': '#292929',
      'editor-background': '#ffffff',
      descriptionForeground: '#292929',
      focusBorder: '#006bbd',
      contrastBorder: '#0f4a85',
      'panel-border': '#0f4a85',
      'button-secondaryForeground': '#0f4a85',
      'charts-lines': '#29292980',
      'charts-red': '#b5200d',
      'charts-blue': '#0063d3',
      'charts-green': '#374e06',
      'charts-purple': '#652d90',
    },
  },
};
