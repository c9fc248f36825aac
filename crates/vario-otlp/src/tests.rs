mod exporting;
mod settings;
