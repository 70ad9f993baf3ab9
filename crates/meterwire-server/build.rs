//! Builds again when the dashboard's build changed: a derive macro alone would not notice new files.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dashboard/dist");
}
